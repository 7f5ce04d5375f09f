import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { askForRows, type ClickhouseAddress } from '../services/clickhouse/ask-clickhouse.ts';

const COMMAND = resolve('bin/atlas-ingest.js');

/** What is loaded into, and how. */
export interface SiteTable {
  readonly mode: 'append' | 'overwrite' | 'replace_partitions';
  /** `exclusive`: nobody else writes, so that appends are one step. */
  readonly writer: 'shared' | 'exclusive';
  /** Blocks whose tokens the table remembers; 0 = none. */
  readonly window: number;
  /** Partitions of the rows that are loaded; rows that were there before lie in one more. */
  readonly partitions: number;
  /** Most rows of a block. */
  readonly blockRows: number;
}

/** How a run of the command ended. */
export interface SiteRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * What a table holds: `before` the load or `after` it, exactly; where it is published partition by partition `between`: each of them is as
 * it was or as it will be; or `torn`: all that was there, each once, and some of what will be; else what is the matter.
 */
export type Holding = 'before' | 'after' | 'between' | 'torn' | { readonly wrong: string };

/** A row: its number, its partition, a text that follows from the number. */
type SiteRow = readonly [id: number, part: number, note: string];

/** A table in a ClickHouse with rows in it, a file of more rows, and the real command that loads them. */
export class ClickhouseSite implements Disposable {
  /** Where the command finds the server; a proxy's address may stand here. */
  url: string;
  /** What else the document says of its destination. */
  destination: Readonly<Record<string, unknown>> = {};
  readonly table: SiteTable;
  readonly #address: ClickhouseAddress;
  readonly #root = mkdtempSync(join(tmpdir(), 'atlas-clickhouse-site-'));
  #before: readonly SiteRow[] = [];
  #after: readonly SiteRow[] = [];
  #next = 0;

  /** `address` names a database that is nobody else's. */
  constructor(address: ClickhouseAddress, table: SiteTable) {
    this.#address = address;
    this.url = address.url;
    this.table = table;
    mkdirSync(join(this.#root, 'metadata'));
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Folder of ledger and locks. */
  get state(): string {
    return join(this.#root, '.atlas');
  }

  /** An empty state, and a table with so many rows. */
  async reset(rows: number): Promise<void> {
    rmSync(this.state, { recursive: true, force: true });
    for (const { name } of await this.query('SELECT name FROM system.tables WHERE database = currentDatabase()')) {
      await this.query(`DROP TABLE \`${name}\` SYNC`);
    }
    const settings = `non_replicated_deduplication_window = ${this.table.window}`;
    await this.query(
      `CREATE TABLE t (id Int64, part UInt8, note String) ENGINE = MergeTree PARTITION BY part ORDER BY id SETTINGS ${settings}`,
    );
    this.#next = rows;
    this.#before = rowsOf(0, rows, this.table.partitions + 1);
    this.#after = this.#before;
    const values = `number, number % ${this.table.partitions + 1}, concat('é', toString(number * 7919 % 997))`;
    if (rows > 0) await this.query(`INSERT INTO t SELECT ${values} FROM numbers(${rows})`);
  }

  /** Writes the file that is loaded next: so many rows that nobody has seen before. What is there now counts as `before`. */
  next(rows: number): void {
    this.#before = this.#after;
    const loaded = rowsOf(this.#next, rows, this.table.partitions);
    this.#next += rows;
    const lines = loaded.map((row) => `${row.join(',')}\n`);
    writeFileSync(join(this.#root, 'rows.csv'), `id,part,note\n${lines.join('')}`);
    const stays = { append: () => true, overwrite: () => false, replace_partitions: this.#isElsewhere }[
      this.table.mode
    ];
    this.#after = [...this.#before.filter(stays), ...loaded];
  }

  /** Runs the command; `signal` kills it. */
  run(more: readonly string[] = [], onStart: (pid: number) => void = () => {}): Promise<SiteRun> {
    writeFileSync(join(this.#root, 'metadata', 'g.json'), this.#document());
    const words = [
      'run',
      '--ocs',
      'g',
      '--json',
      '--workers',
      '1',
      '--metadata',
      join(this.#root, 'metadata'),
      ...more,
    ];
    const kept = Object.entries(process.env).filter(
      ([name]) => !/^(ATLAS_|CLICKHOUSE_|NODE_OPTIONS|VITEST)/.test(name),
    );
    const child = spawn(process.execPath, [COMMAND, ...words], {
      env: { ...Object.fromEntries(kept), NO_COLOR: '1', SITE_PASSWORD: this.#address.password },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onStart(child.pid as number);
    let [out, err] = ['', ''];
    child.stdout.on('data', (part) => {
      out += part;
    });
    child.stderr.on('data', (part) => {
      err += part;
    });
    return new Promise((settle, reject) => {
      child.once('error', reject);
      child.once('close', (code) => settle({ code, out, err }));
    });
  }

  /** What the table holds, row by row. */
  async look(): Promise<Holding> {
    const rows = await this.query('SELECT toInt32(id) AS id, part, note FROM t ORDER BY ALL');
    const found = rows.map(({ id, part, note }) => `${id},${part},${note}`);
    if (same(found, this.#before)) return 'before';
    if (same(found, this.#after)) return 'after';
    if (this.#moves() && this.#isBetween(found)) return 'between';
    if (this.#moves() && this.#isTorn(found)) return 'torn';
    return { wrong: difference(found, this.#before, this.#after) };
  }

  /** Counts of rows as a reader may see them: before the load, and after it. */
  get counts(): { readonly before: number; readonly after: number } {
    return { before: this.#before.length, after: this.#after.length };
  }

  /** Tables of runs that are still there: staging, next ones, locks. */
  async leftovers(): Promise<readonly string[]> {
    const like =
      "database = currentDatabase() AND name LIKE '\\\\_atlas\\\\_%' AND name NOT IN ('_atlas_receipts', '_atlas_lineage')";
    return (await this.query(`SELECT name FROM system.tables WHERE ${like}`)).map(({ name }) => String(name));
  }

  query(sql: string): Promise<readonly Record<string, unknown>[]> {
    return askForRows(this.#address, sql);
  }

  #moves(): boolean {
    return this.table.mode === 'append' && this.table.writer === 'shared';
  }

  #isTorn(found: readonly string[]): boolean {
    const there = new Set(found);
    const known = new Set(this.#after.map((row) => row.join()));
    if (there.size !== found.length || !found.every((row) => known.has(row))) return false;
    return this.#before.every((row) => there.has(row.join()));
  }

  #isBetween(found: readonly string[]): boolean {
    return Array.from({ length: this.table.partitions + 1 }, (_, part) => part).every((part) => {
      const of = (rows: readonly SiteRow[]): readonly SiteRow[] => rows.filter((row) => row[1] === part);
      const there = found.filter((row) => row.split(',')[1] === String(part));
      return same(there, of(this.#before)) || same(there, of(this.#after));
    });
  }

  readonly #isElsewhere = ([, part]: SiteRow): boolean => part === this.table.partitions;

  #document(): string {
    const features = [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'part', type: 'uint8', nullable: false },
      { name: 'note', type: 'string', nullable: false },
    ];
    const { user, database } = this.#address;
    const { mode, writer, blockRows } = this.table;
    const server = this.url.startsWith('chdb:') ? {} : { user, password: '${SITE_PASSWORD}', writer };
    const connection = { type: 'clickhouse', url: this.url, database, ...server };
    const source = { type: 'csv', path: join(this.#root, 'rows.csv'), features };
    const destination = {
      type: 'clickhouse',
      connection: 'olap',
      table: 't',
      mode,
      create_table: false,
      block_rows: blockRows,
    };
    return JSON.stringify({
      version: 1,
      ocs: 'g',
      connections: { olap: { ...connection, attempts: 2 } },
      dataset_config: [{ name: 'set', source, destination: { ...destination, ...this.destination } }],
    });
  }
}

function rowsOf(first: number, count: number, partitions: number): readonly SiteRow[] {
  return Array.from({ length: count }, (_, index) => {
    const id = first + index;
    return [id, id % partitions, `é${(id * 7919) % 997}`] as const;
  });
}

function same(found: readonly string[], expected: readonly SiteRow[]): boolean {
  if (found.length !== expected.length) return false;
  const wanted = new Set(expected.map((row) => row.join()));
  return new Set(found).size === found.length && found.every((row) => wanted.has(row));
}

/** For people: what is missing of the load, what of the rows before it, what is doubled, what is foreign. */
function difference(found: readonly string[], before: readonly SiteRow[], after: readonly SiteRow[]): string {
  const there = new Set(found);
  const old = new Set(before.map((row) => row.join()));
  const fresh = after.map((row) => row.join()).filter((row) => !old.has(row));
  const known = new Set([...old, ...fresh]);
  return [
    `${found.length} rows, ${before.length} before and ${after.length} after`,
    `${found.length - there.size} doubled`,
    `${fresh.filter((row) => there.has(row)).length} of ${fresh.length} that were loaded`,
    `${[...old].filter((row) => there.has(row)).length} of ${old.size} that were there`,
    `${found.filter((row) => !known.has(row)).length} foreign`,
  ].join('; ');
}
