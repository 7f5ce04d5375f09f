import { hostname } from 'node:os';
import type { Intention } from '../../../flow/ledger.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { SharedContent, SharedEnd, TargetMemory } from '../../../flow/target-memory.ts';
import { quoteClickhouseName } from '../../../metadata/quote-clickhouse-name.ts';
import type { ClickhouseServer, Row, Statement } from '../server/clickhouse-server.ts';
import type { TablePlace } from '../table-place.ts';
import { packText, unpackText } from './pack-text.ts';

/** The table that remembers, in the database of its targets. */
export const RECEIPTS_TABLE = '_atlas_receipts';

/** Contents of one statement. */
const AT_ONCE = 50;
/** Ids of one statement. */
const IDS = 200;

const COLUMNS = `
  at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'when it was written down, by this server',
  state LowCardinality(String) COMMENT 'content: an input; facts: a piece of what recovery needs; intended: about to be published; settled: it was; abandoned: it never will be',
  target String COMMENT 'name of the table',
  run String,
  ocs String,
  dataset String,
  host String COMMENT 'who wrote it down',
  rows UInt64 COMMENT 'of the dataset in this run',
  sha256 String COMMENT 'of the stored bytes of the input',
  bytes UInt64 COMMENT 'of the input',
  path String COMMENT 'of the input, where it was read',
  piece UInt32,
  facts String`;

/**
 * What was added to a table, and what is about to be, in a table beside it: rows are added and never changed, and the last one of each step
 * (`intended`, `settled`, `abandoned`) makes it count.
 */
export class ReceiptsTable implements TargetMemory {
  readonly #server: ClickhouseServer;
  readonly #database: string;
  readonly #target: string;
  readonly #name: string;

  constructor({ server, database, table }: Pick<TablePlace, 'server' | 'database' | 'table'>) {
    this.#server = server;
    this.#database = database;
    this.#target = table;
    this.#name = `${quoteClickhouseName(database)}.${quoteClickhouseName(RECEIPTS_TABLE)}`;
  }

  async contents(lengths: readonly number[], options: Abortable): Promise<readonly SharedContent[]> {
    if (lengths.length === 0 || !(await this.#exists(options))) return [];
    const rows = await this.#query(
      `SELECT sha256, bytes, run, ocs, dataset FROM ${this.#name}
       WHERE target = {target:String} AND state = 'content' AND has({lengths:Array(UInt64)}, bytes)
       AND (run, dataset) IN (SELECT run, dataset FROM ${this.#name} WHERE target = {target:String} AND state = 'settled')
       ORDER BY at, run`,
      { lengths: `[${[...new Set(lengths)].join(',')}]` },
      options,
    );
    const facts = await this.#facts([...new Set(rows.map(idOf))], options);
    return rows.flatMap((row) => {
      const receipt = facts.get(idOf(row))?.receipt;
      if (receipt === undefined) return [];
      const { run, files, identity, table, ocs, dataset } = receipt;
      const content = { sha256: text(row, 'sha256'), bytes: Number(row['bytes']), run, ocs, dataset };
      return [{ ...content, published: { run, files, identity, ...(table && { table }) } }];
    });
  }

  async pending(options: Abortable): Promise<readonly Intention[]> {
    if (!(await this.#exists(options))) return [];
    const rows = await this.#query(
      `SELECT run, dataset, min(at) AS since FROM ${this.#name}
       WHERE target = {target:String} AND state IN ('intended', 'settled', 'abandoned')
       GROUP BY run, dataset HAVING countIf(state = 'intended') > 0 AND countIf(state != 'intended') = 0
       ORDER BY since, run`,
      {},
      options,
    );
    const facts = await this.#facts(rows.map(idOf), options);
    return rows.flatMap((row) => facts.get(idOf(row)) ?? []);
  }

  async ends(ids: readonly string[], options: Abortable): Promise<ReadonlyMap<string, SharedEnd>> {
    if (ids.length === 0 || !(await this.#exists(options))) return new Map();
    const rows = await this.#query(
      `SELECT run, dataset, countIf(state = 'settled') > 0 AS settled FROM ${this.#name}
       WHERE target = {target:String} AND state IN ('settled', 'abandoned') AND has({ids:Array(String)}, concat(run, '/', dataset))
       GROUP BY run, dataset`,
      { ids },
      options,
    );
    return new Map(rows.map((row) => [idOf(row), Number(row['settled']) === 1 ? 'settled' : 'abandoned']));
  }

  async intend(intention: Intention, options: Abortable): Promise<void> {
    await this.#make(options);
    const inputs = intention.receipt.inputs.filter(({ sha256 }) => sha256 !== undefined);
    for (let from = 0; from < inputs.length; from += AT_ONCE) {
      const some = inputs.slice(from, from + AT_ONCE);
      const each = {
        sha256: some.map(({ sha256 }) => sha256 ?? ''),
        bytes: some.map(({ bytes }) => bytes ?? 0),
        path: some.map(({ path }) => path),
      };
      await this.#write('content', intention, options, {
        columns: ['sha256', 'bytes', 'path'],
        values: 'tupleElement(input, 1), tupleElement(input, 2), tupleElement(input, 3)',
        from: 'FROM (SELECT arrayJoin(arrayZip({sha256:Array(String)}, {bytes:Array(UInt64)}, {path:Array(String)})) AS input)',
        params: each,
      });
    }
    for (const [piece, facts] of packText(JSON.stringify(intention)).entries()) {
      await this.#write('facts', intention, options, {
        columns: ['piece', 'facts'],
        values: '{piece:UInt32}, {facts:String}',
        from: '',
        params: { piece, facts },
      });
    }
    await this.#write('intended', intention, options);
  }

  async end(intention: Intention, end: SharedEnd, options: Abortable): Promise<void> {
    await this.#make(options);
    await this.#write(end, intention, options);
  }

  /** What was intended, by id; of one whose pieces are not all there nothing. */
  async #facts(ids: readonly string[], options: Abortable): Promise<ReadonlyMap<string, Intention>> {
    const found = new Map<string, Intention>();
    for (let from = 0; from < ids.length; from += IDS) {
      const rows = await this.#query(
        `SELECT run, dataset, arrayMap(each -> tupleElement(each, 2), arraySort(each -> tupleElement(each, 1), groupUniqArray((piece, facts)))) AS pieces
         FROM ${this.#name} WHERE target = {target:String} AND state = 'facts' AND has({ids:Array(String)}, concat(run, '/', dataset))
         GROUP BY run, dataset`,
        { ids: ids.slice(from, from + IDS) },
        options,
      );
      for (const row of rows) {
        const whole = unpackText((row['pieces'] as readonly unknown[]).map(String));
        if (whole !== null) found.set(idOf(row), JSON.parse(whole) as Intention);
      }
    }
    return found;
  }

  async #exists({ signal }: Abortable): Promise<boolean> {
    const sql = 'SELECT 1 AS found FROM system.tables WHERE database = {database:String} AND name = {name:String}';
    const params = { database: this.#database, name: RECEIPTS_TABLE };
    return (await this.#server.query({ sql, params }, { signal })).length > 0;
  }

  async #make({ signal }: Abortable): Promise<void> {
    if (await this.#exists({ signal })) return;
    const comment =
      'What atlas-ingest added to the tables of this database, by content: dropping it makes it forget, and changes nothing else';
    const sql = `CREATE TABLE IF NOT EXISTS ${this.#name} (${COLUMNS}\n) ENGINE = MergeTree ORDER BY (target, state, run) COMMENT '${comment}'`;
    await this.#server.command({ sql }, { signal });
  }

  async #write(
    state: string,
    { run, ocs, dataset, receipt }: Intention,
    { signal }: Abortable,
    more?: Required<Pick<Statement, 'params'>> & {
      readonly columns: readonly string[];
      readonly values: string;
      readonly from: string;
    },
  ): Promise<void> {
    const columns = ['state', 'target', 'run', 'ocs', 'dataset', 'host', 'rows', ...(more?.columns ?? [])];
    const values =
      '{state:String}, {target:String}, {run:String}, {ocs:String}, {dataset:String}, {host:String}, {rows:UInt64}';
    await this.#server.command(
      {
        sql: `INSERT INTO ${this.#name} (${columns.join(', ')}) SELECT ${values}${more ? `, ${more.values} ${more.from}` : ''}`,
        params: {
          state,
          target: this.#target,
          run,
          ocs,
          dataset,
          host: hostname(),
          rows: receipt.rows.published,
          ...more?.params,
        },
        settings: { async_insert: 0, insert_deduplicate: 0 },
      },
      { signal },
    );
  }

  #query(sql: string, params: Required<Statement>['params'], { signal }: Abortable): Promise<readonly Row[]> {
    return this.#server.query({ sql, params: { target: this.#target, ...params } }, { signal });
  }
}

function idOf(row: Row): string {
  return `${text(row, 'run')}/${text(row, 'dataset')}`;
}

function text(row: Row, key: string): string {
  return String(row[key] ?? '');
}
