import { createHash } from 'node:crypto';
import { AtlasError } from '../../errors.ts';
import { quoteClickhouseName } from '../../metadata/quote-clickhouse-name.ts';
import type { ClickhouseServer, Row, Statement, Waiting } from './server/clickhouse-server.ts';

const RUN = /^[A-Za-z0-9_-]{1,80}$/;

/** What a table of a run is for: rows of the load alone, or what the target will be. */
export type DraftKind = 'stage' | 'next';

/** A target: one table of a server, and the names of what rests beside it. */
export class TablePlace {
  readonly server: ClickhouseServer;
  readonly database: string;
  readonly table: string;
  /** `clickhouse://ch1:8443/olap.orders`, `chdb:/abs/path/atlas.orders`. */
  readonly target: string;
  readonly #hash: string;

  constructor(server: ClickhouseServer, database: string, table: string) {
    this.server = server;
    this.database = database;
    this.table = table;
    const where = server.name.endsWith(`/${server.database}`)
      ? server.name.slice(0, -server.database.length - 1)
      : server.name;
    this.target = `${server.embedded ? '' : 'clickhouse://'}${where}/${database}.${table}`;
    this.#hash = createHash('sha256').update(`${database}\0${table}`).digest('hex').slice(0, 16);
  }

  /** The target itself, as SQL. */
  get live(): string {
    return this.sql(this.table);
  }

  /** A table beside the target, as SQL. */
  sql(name: string): string {
    return `${quoteClickhouseName(this.database)}.${quoteClickhouseName(name)}`;
  }

  /** A table beside the target, for messages. */
  called(name: string): string {
    return `${this.database}.${name}`;
  }

  get lockName(): string {
    return `_atlas_lock_${this.#hash}`;
  }

  /** With `turn`, one of several names that the same table has in turn. */
  draftName(kind: DraftKind, run: string, turn?: string): string {
    if (!RUN.test(run))
      throw new AtlasError('ATLAS_INTERNAL', `a run id must match ${RUN}, this one is ${run.length} long`);
    return `_atlas_${kind}_${this.#hash}_${run}${turn === undefined ? '' : `~${turn}`}`;
  }

  /** What all drafts of this target begin with. */
  get draftPrefixes(): readonly string[] {
    return [`_atlas_stage_${this.#hash}_`, `_atlas_next_${this.#hash}_`];
  }

  /** The run whose draft a table of this name is; null where it is none of this target. */
  runOf(name: string): string | null {
    const prefix = this.draftPrefixes.find((each) => name.startsWith(each));
    const run = prefix === undefined ? '' : (name.slice(prefix.length).split('~')[0] ?? '');
    return RUN.test(run) ? run : null;
  }

  query(sql: string, waiting: Waiting, params: Statement['params'] = {}): Promise<readonly Row[]> {
    return this.server.query({ sql, params: { database: this.database, ...params } }, waiting);
  }

  command(sql: string, { signal }: Waiting, more: Omit<Statement, 'sql'> = {}): Promise<void> {
    return this.server.command({ sql, ...more }, { signal });
  }
}
