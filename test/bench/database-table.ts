import { makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import type { MariadbFacts } from '../services/mariadb/start-mariadb.ts';
import { makePostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import type { PostgresFacts } from '../services/postgres/start-postgres.ts';
import type { ComparedColumn } from './peers/compare.ts';

/** The table that is read, in both databases. */
export const TABLE = 'bench';

/** A database with the table in it, dropped when it is disposed. */
export interface LoadedDatabase extends AsyncDisposable {
  readonly name: string;
  /** Of the table's own pages. */
  readonly bytes: number;
  /** `PostgreSQL 15.18`. */
  readonly version: string;
}

/** A column: how each server declares it, how it is computed from the row's number `n`, and what DuckDB compares it as. */
interface Declared extends ComparedColumn {
  readonly postgres: string;
  readonly mysql: string;
  readonly value: string;
  /** Where it differs in MariaDB. */
  readonly mysqlValue?: string;
}

/** The same in both databases: integers that look random. */
const random = (factor: number): string => `((n * ${factor}) % 4294967291)`;
const STATUSES = ['new', 'paid', 'packed', 'shipped', 'returned', 'cancelled'].map((word) => `'${word}'`).join(', ');
const LATER = `(${random(1_597_334_677)} % 2592000)`;

/** Ids, numbers, times, texts, NULLs. */
const COLUMNS: readonly Declared[] = [
  {
    ...{ name: 'id', type: 'BIGINT', postgres: 'bigint PRIMARY KEY', mysql: 'bigint PRIMARY KEY' },
    value: '7000000000 + n * 3',
  },
  {
    ...{ name: 'customer_id', type: 'INTEGER', postgres: 'integer NOT NULL', mysql: 'int NOT NULL' },
    value: `${random(2_654_435_761)} % 500000`,
  },
  {
    ...{ name: 'quantity', type: 'SMALLINT', postgres: 'smallint', mysql: 'smallint' },
    value: `CASE WHEN n % 20 <> 0 THEN ${random(2_246_822_519)} % 500 + 1 END`,
  },
  {
    ...{ name: 'price', type: 'DECIMAL(12,2)', postgres: 'numeric(12,2) NOT NULL', mysql: 'decimal(12,2) NOT NULL' },
    value: `${random(3_266_489_917)} % 20000000 / 100.0`,
  },
  {
    // ClickHouse reads MariaDB's doubles from text, the last digit not always rightly; six tell all values apart.
    ...{ name: 'ratio', type: 'DECIMAL(9,6)', postgres: 'double precision', mysql: 'double' },
    value: `CASE WHEN n % 10 <> 3 THEN ${random(668_265_263)} % 1000003 / 1000003e0 END`,
  },
  {
    ...{ name: 'created_at', type: 'TIMESTAMP', postgres: 'timestamp NOT NULL', mysql: 'datetime(6) NOT NULL' },
    value: `timestamp '2023-01-01' + n * interval '13.000417 seconds'`,
    mysqlValue: `timestampadd(MICROSECOND, n * 13000417, '2023-01-01')`,
  },
  {
    ...{ name: 'updated_at', type: 'TIMESTAMP', postgres: 'timestamptz', mysql: 'timestamp(6) NULL' },
    value: `CASE WHEN n % 5 <> 0 THEN timestamptz '2023-01-01 00:00+00' + ${LATER} * interval '1 second' END`,
    mysqlValue: `CASE WHEN n % 5 <> 0 THEN timestampadd(SECOND, ${LATER}, '2023-01-01') END`,
  },
  {
    ...{ name: 'status', type: 'VARCHAR', postgres: 'varchar(16) NOT NULL', mysql: 'varchar(16) NOT NULL' },
    value: `(ARRAY[${STATUSES}])[${random(374_761_393)} % 6 + 1]`,
    mysqlValue: `elt(${random(374_761_393)} % 6 + 1, ${STATUSES})`,
  },
  {
    ...{ name: 'city', type: 'VARCHAR', postgres: 'varchar(40) NOT NULL', mysql: 'varchar(40) NOT NULL' },
    value: `concat('Zürich-', ${random(3_432_918_353)} % 2000)`,
  },
  {
    ...{ name: 'note', type: 'VARCHAR', postgres: 'text', mysql: 'text' },
    value: `CASE WHEN n % 10 <> 7 THEN concat(md5(n::text), ' ', ${random(461_845_907)} % 1000) END`,
    mysqlValue: `CASE WHEN n % 10 <> 7 THEN concat(md5(n), ' ', ${random(461_845_907)} % 1000) END`,
  },
];

/** The columns as DuckDB compares them. */
export const COMPARED: readonly ComparedColumn[] = COLUMNS.map(({ name, type }) => ({ name, type }));

/** Fills a table of so many rows within PostgreSQL. */
export async function loadPostgres(server: PostgresFacts, rows: number): Promise<LoadedDatabase> {
  const database = await makePostgresDatabase(server);
  const columns = COLUMNS.map(({ name, postgres }) => `${name} ${postgres}`).join(', ');
  const values = COLUMNS.map(({ value }) => value).join(', ');
  // One transaction: where wal_level is minimal, it writes no log.
  await database.query(
    `CREATE TABLE ${TABLE} (${columns}); INSERT INTO ${TABLE} SELECT ${values} FROM generate_series(1::bigint, ${rows}) AS n`,
  );
  await database.query(`VACUUM (FREEZE, ANALYZE) ${TABLE}`);
  await database.query('CHECKPOINT');
  const facts = `pg_table_size('${TABLE}'), current_setting('server_version')`;
  return loaded(database, await database.query(`SELECT ${facts}`), 'PostgreSQL');
}

/** Fills a table of so many rows within MariaDB. */
export async function loadMariadb(server: MariadbFacts, rows: number): Promise<LoadedDatabase> {
  const database = await makeMariadbDatabase(server);
  const columns = COLUMNS.map(({ name, mysql }) => `${name} ${mysql}`).join(', ');
  const values = COLUMNS.map(({ value, mysqlValue = value }) => `${mysqlValue}`).join(', ');
  await database.query(`SET sql_log_bin = 0, time_zone = '+00:00', sql_mode = 'NO_UNSIGNED_SUBTRACTION'`);
  await database.query(`CREATE TABLE ${TABLE} (${columns})`);
  await database.query(
    `INSERT INTO ${TABLE} SELECT ${values} FROM (SELECT CAST(seq AS SIGNED) AS n FROM seq_1_to_${rows}) AS numbers`,
  );
  await database.query(`ANALYZE TABLE ${TABLE}`);
  const facts = `data_length, version() FROM information_schema.tables WHERE table_schema = database()`;
  return loaded(database, await database.query(`SELECT ${facts}`), '');
}

function loaded(
  database: AsyncDisposable & { readonly name: string },
  [facts]: readonly (readonly (string | null)[])[],
  product: string,
): LoadedDatabase {
  return {
    name: database.name,
    bytes: Number(facts?.[0]),
    version: `${product} ${facts?.[1] ?? ''}`.trim(),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
