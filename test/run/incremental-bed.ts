import type { DatasetPlan, RunOptions } from '../../src/index.ts';
import { planConnections, planGroup } from '../../src/index.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { openStores } from '../../src/registry.ts';
import { describeTables } from '../../src/run/describe-tables.ts';
import type { Backfill } from '../../src/run/incremental/chunks-of.ts';
import { type BackfillResult, runBackfill } from '../../src/run/run-backfill.ts';
import type { MariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import type { PostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { query } from './duck.ts';
import { Project } from './project.ts';

type Database = Pick<PostgresDatabase | MariadbDatabase, 'url' | 'query'>;

/** How the one dataset of a bed is declared, beside what all of them are. */
export interface Declared {
  readonly table?: string;
  readonly incremental?: object;
  readonly source?: object;
  readonly destination?: object;
  readonly rest?: object;
}

/** A project whose dataset `orders` follows a table of a real database into a folder. */
export class IncrementalBed extends Project {
  readonly database: Database;

  constructor(database: Database) {
    super();
    this.database = database;
  }

  follow({ table = 'orders', incremental, source, destination, rest }: Declared = {}): void {
    const type = this.#type;
    const name = type === 'postgresql' ? `public.${table}` : table;
    const dataset = {
      name: 'orders',
      source: {
        type,
        connection: 'shop',
        table: name,
        features: '*',
        incremental: { column: 'id', ...incremental },
        ...source,
      },
      destination: { type: 'parquet', path: 'out/orders/', mode: 'append', ...destination },
      ...rest,
    };
    const { username, password, hostname, port, pathname } = new URL(this.database.url);
    const login = { host: hostname, port: Number(port), user: username, password, database: pathname.slice(1) };
    this.declare([dataset], { shop: { type, ...login, tls: false } });
  }

  override async plans(): Promise<readonly DatasetPlan[]> {
    const { group, root } = await this.group();
    await using stores = openStores(planConnections(group.connections, root));
    const { signal } = new AbortController();
    const tables = await describeTables({ group, datasets: group.dataset_config, variables: {}, stores }, { signal });
    return planGroup(group, tables.datasets, { root, variables: {}, described: tables.described });
  }

  async backfill(backfill: Backfill, options: Partial<RunOptions> = {}): Promise<BackfillResult> {
    return runBackfill(
      {
        ocs: 'g',
        plans: await this.plans(),
        connections: await this.connections(),
        stateFolder: this.path('.atlas'),
        ledger: this.path('.atlas/ledger.db'),
        version: '0.0.0',
        ...{ workers: 1, parallelDatasets: 1, force: false, strict: false, failFast: false },
        ifLocked: { kind: 'fail' },
        sample: null,
        onEvent: (event) => this.events.push(event),
        signal: new AbortController().signal,
        ...options,
      },
      backfill,
    );
  }

  /** The values of a column of all that a reader of the folder sees, in order. */
  async published(column = 'id'): Promise<readonly string[]> {
    const files = this.list('out/orders').filter((name) => name.endsWith('.parquet'));
    if (files.length === 0) return [];
    const glob = this.path('out/orders/**/*.parquet');
    const rows = await query(
      `SELECT CAST("${column}" AS VARCHAR) FROM read_parquet('${glob}', hive_partitioning = true) ORDER BY "${column}" NULLS FIRST`,
    );
    return rows.map(([value]) => String(value));
  }

  /** Values of the watermarks of the dataset. */
  async watermarks(): Promise<readonly (string | null)[]> {
    await using ledger = await openSqliteLedger(this.path('.atlas/ledger.db'));
    return (await ledger.watermarks({ ocs: 'g', dataset: 'orders' })).map(({ value }) => value);
  }

  get #type(): 'postgresql' | 'mysql' {
    return this.database.url.startsWith('postgres') ? 'postgresql' : 'mysql';
  }
}
