import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ClickhouseDatasetPlan,
  ClickhouseDestinationPlan,
  DatasetPlan,
  NewTable,
} from '../../../src/flow/dataset-plan.ts';
import type { Fragment } from '../../../src/flow/fragment.ts';
import type { Sink, Staged } from '../../../src/flow/sink.ts';
import { quoteClickhouseName } from '../../../src/metadata/quote-clickhouse-name.ts';
import { findTables } from '../../../src/sink/clickhouse/find-table.ts';
import { openClickhouseSink } from '../../../src/sink/clickhouse/open-clickhouse-sink.ts';
import type { ClickhouseServer } from '../../../src/sink/clickhouse/server/clickhouse-server.ts';
import { openEmbeddedServer } from '../../../src/sink/clickhouse/server/embedded-server.ts';
import { TablePlace } from '../../../src/sink/clickhouse/table-place.ts';
import { writeFragments } from '../../encode/arrow/write-arrow.ts';
import { type Cell, field } from '../../encode/build-batch.ts';
import { clickhouseConnection } from './server/clickhouse-connection.ts';

export const through = { signal: new AbortController().signal };

const QUICK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const SCHEMA = { fields: [field('id', 'bigint!'), field('p', 'int32!'), field('name', 'string')] };
const COLUMNS = [
  { name: 'id', type: 'Int64' },
  { name: 'p', type: 'Int32' },
  { name: 'name', type: 'Nullable(String)' },
];

/** An embedded engine of its own, removed with its data. */
export async function openTestEngine(): Promise<ClickhouseServer> {
  const folder = mkdtempSync(join(QUICK, 'atlas-table-'));
  const connection = clickhouseConnection({ folder: join(folder, 'data') });
  const server = await openEmbeddedServer({ ...connection, folder: join(folder, 'data') }, through);
  const dispose = server[Symbol.asyncDispose].bind(server);
  server[Symbol.asyncDispose] = async () => {
    await dispose();
    rmSync(folder, { recursive: true, force: true });
  };
  return server;
}

/** How a bed's plan differs from: append to a table of (id, p, name), partitioned by p, made where it is not there. */
export interface BedOptions extends Partial<Omit<ClickhouseDestinationPlan, 'create'>> {
  readonly create?: Partial<NewTable> | null;
  readonly exclusive?: boolean;
}

/** A table that nobody else uses, in a database that several do. */
export class TableBed {
  readonly server: ClickhouseServer;
  readonly table: string;
  readonly options: BedOptions;

  constructor(server: ClickhouseServer, options: BedOptions = {}) {
    this.server = server;
    this.options = options;
    this.table = options.table ?? `t_${randomBytes(4).toString('hex')}`;
  }

  get live(): string {
    return `${quoteClickhouseName(this.server.database)}.${quoteClickhouseName(this.table)}`;
  }

  plan(changes: BedOptions = {}): ClickhouseDatasetPlan {
    const { create = {}, exclusive: _, ...destination } = { ...this.options, ...changes };
    const made = {
      engine: 'MergeTree',
      orderBy: ['id'],
      partitionBy: ['p'],
      primaryKey: [],
      settings: {},
      declared: [],
    };
    return {
      ocs: 'group',
      dataset: 'set',
      source: { type: 'csv' } as DatasetPlan['source'],
      schema: SCHEMA,
      destination: {
        type: 'clickhouse',
        path: `clickhouse://olap/${this.table}`,
        connection: 'olap',
        database: null,
        table: this.table,
        mode: 'append',
        columns: COLUMNS,
        onViews: 'refuse',
        blockRows: 1_000_000,
        blockBytes: 1 << 28,
        ...destination,
        create: create === null ? null : { ...made, ...create },
      },
      onError: 'fail',
      maxRejects: null,
      rejectsPath: null,
      onEmpty: 'fail',
      onDrift: 'fail',
      needs: [],
      notes: [],
      hash: 'f'.repeat(64),
    };
  }

  sink(changes: BedOptions & { readonly server?: ClickhouseServer; readonly refresh?: boolean } = {}): Sink {
    const { server = this.server, refresh = false, ...plan } = changes;
    const exclusive = plan.exclusive ?? this.options.exclusive ?? true;
    return openClickhouseSink(this.plan(plan), { server, connection: { exclusive, database: null }, refresh });
  }

  /** Fragments of these rows, `[id, p]` each; as many in one as are given. */
  async fragments(rows: readonly (readonly [number, number])[], each = 1000): Promise<readonly Fragment[]> {
    const columns: Cell[][] = [
      rows.map(([id]) => BigInt(id)),
      rows.map(([, p]) => BigInt(p)),
      rows.map(([id]) => (id % 3 === 0 ? null : `name ${id}`)),
    ];
    return writeFragments(SCHEMA, columns, { fragmentRows: each });
  }

  /** Lock, check, stage, commit, clean. */
  async publish(
    run: string,
    rows: readonly (readonly [number, number])[],
    changes: Parameters<TableBed['sink']>[0] = {},
  ): Promise<Staged> {
    await using sink = this.sink(changes);
    await using lock = await sink.lock(run, through);
    await sink.check(through);
    const staged = await this.stage(sink, run, await this.fragments(rows));
    await lock.confirm(through);
    await sink.commit(staged, through);
    await sink.secure(staged, through);
    await sink.clean([], through);
    return staged;
  }

  async stage(sink: Sink, run: string, fragments: readonly Fragment[]): Promise<Staged> {
    await using draft = await sink.draft(run, through);
    for (const fragment of fragments) await draft.write(fragment, through);
    return await draft.stage(through);
  }

  /** Ids in the table with how often each is there, in order (`1 2 2 5`); null where there is none. */
  async ids(): Promise<readonly number[] | null> {
    const exists = await this.query(
      `SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = {name:String}`,
      {
        name: this.table,
      },
    );
    if (Number(exists[0]?.['n']) === 0) return null;
    const rows = await this.query(`SELECT id FROM ${this.live} ORDER BY id`);
    return rows.map(({ id }) => Number(id));
  }

  query(sql: string, params: Readonly<Record<string, string | number>> = {}) {
    return this.server.query({ sql, params }, through);
  }

  command(sql: string): Promise<void> {
    return this.server.command({ sql }, through);
  }

  /** Tables of ours that rest beside the target: drafts and locks. */
  async leftovers(): Promise<readonly string[]> {
    const place = new TablePlace(this.server, this.server.database, this.table);
    const found: string[] = [];
    for (const prefix of [...place.draftPrefixes, place.lockName]) {
      found.push(...(await findTables(place, prefix, through)).map(({ name }) => name));
    }
    return found;
  }
}
