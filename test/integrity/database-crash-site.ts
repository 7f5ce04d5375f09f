import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openStores } from '../../src/registry.ts';
import { joinPath } from '../../src/store/path.ts';
import { duckdbRows } from '../judges/judges.ts';
import { CutProxy } from '../services/cut-proxy.ts';
import { Gate, type Passage } from '../services/gate.ts';
import { declaredHdfs, hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import type { MariadbFacts } from '../services/mariadb/start-mariadb.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import type { PostgresFacts } from '../services/postgres/start-postgres.ts';

const COMMAND = resolve('bin/atlas-ingest.js');
const Sqlite = createRequire(resolve('package.json'))('libsql') as typeof import('libsql');
const through = { signal: new AbortController().signal };

/** Where a blow falls: at a request to HDFS, or after so many bytes of rows on one connection to a database. */
export type DatabaseMoment =
  | { readonly at: 'hdfs'; readonly index: number; readonly when: Passage['when'] }
  | { readonly at: 'postgres' | 'mariadb'; readonly connection: number; readonly bytes: number };

/** How a run ended, and what it did: requests to HDFS, bytes of each connection to the databases. */
export interface DatabaseEnded {
  readonly code: number | null;
  readonly killed: boolean;
  readonly err: string;
  readonly requests: number;
  readonly postgres: readonly number[];
  readonly mariadb: readonly number[];
}

/** What the servers of a site are. */
export interface SiteServers {
  readonly postgres: PostgresFacts;
  readonly mariadb: MariadbFacts;
  /** Of WebHDFS. */
  readonly hdfs: string;
}

/**
 * Two tables that grow, `orders` in PostgreSQL, read incrementally into a folder that is added to, and `stock` in MariaDB, read whole into
 * one file that is replaced; and the real command between them and HDFS, killed there.
 */
export class DatabaseCrashSite implements AsyncDisposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'atlas-database-crash-'));
  readonly #folder = `hdfs://lake/databases/${randomBytes(6).toString('hex')}`;
  readonly #servers: SiteServers;
  readonly #gate: Gate;
  readonly #orders: PostgresDatabase;
  readonly #stock: MariadbDatabase;
  #rows = 0;

  private constructor(servers: SiteServers, gate: Gate, orders: PostgresDatabase, stock: MariadbDatabase) {
    this.#servers = servers;
    this.#gate = gate;
    this.#orders = orders;
    this.#stock = stock;
  }

  static async build(servers: SiteServers): Promise<DatabaseCrashSite> {
    const orders = await makePostgresDatabase(servers.postgres);
    const stock = await makeMariadbDatabase(servers.mariadb);
    const site = new DatabaseCrashSite(servers, await Gate.open(servers.hdfs), orders, stock);
    mkdirSync(join(site.#root, 'metadata'));
    const more = 'amount numeric(12,2), placed timestamp(6), note text';
    await orders.query(`CREATE TABLE orders (id bigint PRIMARY KEY, ${more})`);
    await stock.query(`CREATE TABLE stock (id bigint PRIMARY KEY, ${more.replace('timestamp', 'datetime')})`);
    return site;
  }

  /** Adds rows to both tables. */
  async grow(rows: number): Promise<void> {
    const [first, last] = [this.#rows + 1, this.#rows + rows];
    this.#rows = last;
    const values = (number: string, placed: string): string =>
      `${number}, CASE WHEN ${number} % 7 > 0 THEN ${number} * 1.25 END, ${placed}, ` +
      `CASE WHEN ${number} % 5 > 0 THEN concat('Größe ', ${number} * 7919 % 997, ' ', repeat('x', 40)) END`;
    const placed = `timestamp '2024-01-01' + n * interval '1.000417 s'`;
    const numbers = `generate_series(${first}, ${last}) AS n`;
    await this.#orders.query(`INSERT INTO orders SELECT ${values('n', placed)} FROM ${numbers}`);
    const seconds = `timestampadd(MICROSECOND, seq * 1000417, '2024-01-01')`;
    await this.#stock.query(`INSERT INTO stock SELECT ${values('seq', seconds)} FROM seq_${first}_to_${last}`);
  }

  /** Runs the command; it is killed at `moment`. `extraction` = how PostgreSQL is read. */
  async run(extraction: 'copy' | 'cursor', moment: DatabaseMoment | null = null): Promise<DatabaseEnded> {
    let killed = false;
    let blow = (): void => {};
    const at = (name: 'postgres' | 'mariadb') => (index: number) =>
      moment?.at === name && moment.connection === index ? { stallAfter: moment.bytes, reached: () => blow() } : {};
    await using postgres = await CutProxy.open(this.#servers.postgres, at('postgres'));
    await using mariadb = await CutProxy.open(this.#servers.mariadb, at('mariadb'));
    writeFileSync(join(this.#root, 'metadata', 'g.json'), this.#document(extraction, postgres.port, mariadb.port));
    const words = ['run', '--ocs', 'g', '--json', '--workers', '2', '--metadata', join(this.#root, 'metadata')];
    const child = spawn(process.execPath, [COMMAND, ...words], {
      env: {
        ...process.env,
        NO_COLOR: '1',
        ORDERS_PASSWORD: this.#servers.postgres.password,
        STOCK_PASSWORD: this.#servers.mariadb.password,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    blow = () => {
      killed = child.kill('SIGKILL');
    };
    this.#gate.restart();
    this.#gate.keeper = ({ index, when }) => {
      if (moment?.at === 'hdfs' && index === moment.index && when === moment.when) blow();
      return killed ? 'cut' : 'pass';
    };
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const code = await new Promise<number | null>((done) => child.once('close', done));
    const bytes = ({ connections }: CutProxy): readonly number[] => connections.map(({ fromServer }) => fromServer);
    return { code, killed, err, requests: this.#gate.count, postgres: bytes(postgres), mariadb: bytes(mariadb) };
  }

  /** What readers see on HDFS against what the servers say, as sentences; none = every row is there once. */
  async differences(): Promise<readonly string[]> {
    const text = `strftime(placed, '%Y-%m-%d %H:%M:%S.%f')`;
    const found: string[] = [];
    const compare = async (name: string, server: readonly unknown[]): Promise<void> => {
      const files = await this.#fetch(name);
      const list = files.map((file) => `'${file}'`).join(', ');
      const select = `SELECT id::VARCHAR, amount::VARCHAR, ${text}, note FROM read_parquet([${list}]) ORDER BY id`;
      const rows = files.length === 0 ? [] : await duckdbRows(select);
      const wrong = server.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(rows[index]));
      if (rows.length !== server.length) found.push(`${name}: ${rows.length} rows, ${server.length} in the database`);
      if (wrong >= 0) found.push(`${name}: ${JSON.stringify(rows[wrong])} for ${JSON.stringify(server[wrong])}`);
    };
    const placed = `to_char(placed, 'YYYY-MM-DD HH24:MI:SS.US')`;
    await compare('orders', await this.#orders.query(`SELECT id, amount, ${placed}, note FROM orders ORDER BY id`));
    await compare('stock', await this.#stock.query('SELECT id, amount, placed, note FROM stock ORDER BY id'));
    return found;
  }

  /** What runs left behind, as sentences: intentions that nobody settled, hidden files. */
  async leftovers(): Promise<readonly string[]> {
    const hidden = (await this.#list()).filter((path) => path.split('/').some((name) => name.startsWith('.')));
    const database = new Sqlite(join(this.#root, '.atlas', 'ledger.db'));
    try {
      const [open] = database.prepare('SELECT count(*) FROM intention WHERE ended IS NULL').raw().get() as [number];
      return open === 0 ? hidden : [...hidden, `${open} intentions are still open`];
    } finally {
      database.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gate[Symbol.asyncDispose]();
    await using stores = openStores({ lake: hdfsConnection({ url: this.#servers.hdfs }) });
    await (await stores.of(this.#folder)).remove(this.#folder, through);
    await this.#orders[Symbol.asyncDispose]();
    await this.#stock[Symbol.asyncDispose]();
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Every file below the folder, as paths relative to it. */
  async #list(): Promise<readonly string[]> {
    await using stores = openStores({ lake: hdfsConnection({ url: this.#servers.hdfs }) });
    const store = await stores.of(this.#folder);
    const walk = async (path: string, below: string): Promise<readonly string[]> => {
      const found = await store.list(path, through);
      const lists = found.map(({ name, kind }) =>
        kind === 'folder' ? walk(joinPath(path, name), `${below}${name}/`) : Promise.resolve([`${below}${name}`]),
      );
      return (await Promise.all(lists)).flat();
    };
    return (await store.look(this.#folder, through)).kind === 'folder' ? walk(this.#folder, '') : [];
  }

  /** Copies of a dataset's files that a reader sees. */
  async #fetch(dataset: string): Promise<readonly string[]> {
    const copies = join(this.#root, 'copies', dataset);
    rmSync(copies, { recursive: true, force: true });
    mkdirSync(copies, { recursive: true });
    await using stores = openStores({ lake: hdfsConnection({ url: this.#servers.hdfs }) });
    const store = await stores.of(this.#folder);
    const seen = (await this.#list()).filter(
      (path) => path.startsWith(dataset) && path.endsWith('.parquet') && !/(^|\/)[._]/.test(path),
    );
    return Promise.all(
      seen.map(async (path, index) => {
        await using reader = await store.open(joinPath(this.#folder, path), through);
        const copy = join(copies, `${index}.parquet`);
        writeFileSync(copy, await reader.read(0, reader.length));
        return copy;
      }),
    );
  }

  #document(extraction: string, postgresPort: number, mariadbPort: number): string {
    const features = [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'amount', type: 'decimal(12,2)' },
      { name: 'placed', type: 'timestamp(us)' },
      { name: 'note', type: 'string' },
    ];
    const { postgres, mariadb } = this.#servers;
    const orders = {
      ...{ type: 'postgresql', host: postgres.host, port: postgresPort, database: this.#orders.name },
      ...{ user: postgres.user, password: '${ORDERS_PASSWORD}' },
    };
    const stock = {
      ...{ type: 'mysql', host: mariadb.host, port: mariadbPort, database: this.#stock.name },
      ...{ user: mariadb.user, password: '${STOCK_PASSWORD}' },
    };
    const small = { type: 'parquet', row_group_rows: 3000 };
    return JSON.stringify({
      version: 1,
      ocs: 'g',
      connections: { orders, stock, lake: declaredHdfs({ url: this.#gate.url }, { attempts: 3 }) },
      dataset_config: [
        {
          name: 'orders',
          source: {
            ...{ type: 'postgresql', connection: 'orders', table: 'public.orders', features, extraction },
            ...{ fetch_size: 700, incremental: { column: 'id' } },
          },
          destination: { ...small, path: `${this.#folder}/orders/`, mode: 'append' },
        },
        {
          name: 'stock',
          source: { type: 'mysql', connection: 'stock', table: 'stock', features, fetch_size: 700 },
          destination: { ...small, path: `${this.#folder}/stock.parquet` },
        },
      ],
    });
  }
}
