import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { query } from './duck.ts';
import { expectSame, parquetText } from './same-values.ts';
import { TableProject } from './table-project.ts';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/types/${name}`, import.meta.url), 'utf8');

interface Expected {
  readonly types: Readonly<Record<string, string>>;
  readonly rejects: Readonly<Record<string, string>>;
}
const { types, rejects }: Expected = JSON.parse(fixture('postgres.expected.json'));
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What psql would print of a column; days and microseconds where printing depends on who prints. */
function printed(name: string, type: string): string {
  const column = quoted(name);
  if (name.startsWith('c_money')) return `${column}::numeric`;
  if (type === 'binary') return `encode(${column}, 'hex')`;
  if (type === 'date') return `${column} - DATE '1970-01-01'`;
  if (type.startsWith('timestamp')) {
    return `trunc(extract(epoch FROM ${column}) * 1000000)`;
  }
  return ['c_integers', 'c_numerics', 'c_texts', 'c_stamps', 'c_moods', 'c_doubles'].includes(name)
    ? `to_json(${column})`
    : column;
}

describeWithPostgres('every type of PostgreSQL, in Parquet', (postgres) => {
  let database: PostgresDatabase;
  let connection: object;
  beforeAll(async () => {
    database = await makePostgresDatabase(postgres());
    await database.query(fixture('postgres.sql'));
    await database.query("SET timezone = 'UTC'; SET intervalstyle = 'postgres'; SET extra_float_digits = 3");
    // neither the server's zone nor its way of printing is the session's
    await database.query(
      `ALTER DATABASE ${database.name} SET timezone = 'Asia/Kolkata';
       ALTER DATABASE ${database.name} SET datestyle = 'German, DMY';
       ALTER DATABASE ${database.name} SET intervalstyle = 'sql_standard';
       ALTER DATABASE ${database.name} SET extra_float_digits = -3;
       ALTER DATABASE ${database.name} SET bytea_output = 'escape'`,
    );
    const { host, port, user, password } = postgres();
    connection = { type: 'postgresql', host, port, user, password, database: database.name };
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  const table = (name: string, source: object = {}, rest: object = {}) => ({
    name: 'a',
    source: { type: 'postgresql', connection: 'shop', table: name, features: '*', ...source },
    destination: { type: 'parquet', path: 'out/a.parquet' },
    ...rest,
  });

  it.each(['copy', 'cursor'])('by %s: what the server prints is what the file holds', async (extraction) => {
    using project = new TableProject();
    const [receipt] = await project.loadTables([table('held', { extraction, fetch_size: 2 })], connection);
    expect(receipt).toMatchObject({ outcome: 'published', rows: { read: 7, published: 7 } });
    expect(Object.fromEntries(receipt?.schema.map(({ name, type }) => [name, type]) ?? [])).toEqual(types);
    const columns = Object.entries(types).map(([name, type]) => printed(name, type));
    const server = await database.query(`SELECT ${columns.join(', ')} FROM held ORDER BY id`);
    expectSame(await parquetText(project.path('out/a.parquet'), types), server, types);
  });

  it('text cast by the rules of CSV fields is the same', async () => {
    using project = new TableProject();
    const casts = Object.entries(types).filter(([name, type]) => type !== 'binary' && !name.startsWith('c_money'));
    const list = casts.map(([name, type]) => {
      const column = type === 'json' ? `to_json(${quoted(name)})::text` : `${quoted(name)}::text`;
      return `${column} AS ${quoted(name)}`;
    });
    const features = casts.map(([name, type]) => ({ name, type }));
    const receipts = await project.loadTables(
      [
        { ...table('held', { features }), destination: { type: 'parquet', path: 'out/binary.parquet' } },
        {
          ...table('held', { table: undefined, query: `SELECT ${list.join(', ')} FROM held`, features }),
          name: 'b',
          destination: { type: 'parquet', path: 'out/text.parquet' },
        },
      ],
      connection,
    );
    expect(receipts.map(({ outcome, error }) => ({ outcome, error }))).toEqual([
      { outcome: 'published', error: null },
      { outcome: 'published', error: null },
    ]);
    const read = (name: string) => `read_parquet('${project.path(`out/${name}.parquet`)}')`;
    // blanks at the end of char(3), an inet's netmask and an encoding of XML are what ::text does
    const all = `* EXCLUDE (c_char, c_inet, c_xml)`;
    const difference = `SELECT count(*) FROM (SELECT ${all} FROM ${read('binary')} EXCEPT SELECT ${all} FROM ${read('text')})`;
    expect(await query(difference)).toEqual([['0']]);
  });

  it('years before 1 and after 9999', async () => {
    using project = new TableProject();
    const [receipt] = await project.loadTables([table('far')], connection);
    expect(receipt).toMatchObject({ outcome: 'published', rows: { published: 5 } });
    const far = { id: 'int32', d: 'date', t: 'timestamp(us)', z: 'timestamptz(us)' };
    const columns = Object.entries(far).map(([name, type]) => printed(name, type));
    const server = await database.query(`SELECT ${columns.join(', ')} FROM far ORDER BY id`);
    expectSame(await parquetText(project.path('out/a.parquet'), far), server, far);
  });

  it('what a feature cannot hold is set aside, with its reason', async () => {
    using project = new TableProject();
    const features = [
      { name: 'id', type: 'int' },
      { name: 'n', type: 'decimal(9,2)' },
      { name: 'm', type: 'decimal(12,2)' },
      { name: 'd', type: 'date' },
      { name: 't', type: 'time(us)' },
      { name: 's', type: 'timestamp(us)' },
      { name: 'z', type: 'timestamptz(us)' },
      { name: 'i', type: 'int32' },
      { name: 'j', type: 'date' },
    ];
    const [receipt] = await project.loadTables(
      [table('unheld', { features }, { on_error: 'reject', max_rejects: 100 })],
      connection,
    );
    expect(receipt).toMatchObject({ outcome: 'published', rows: { read: 21, rejected: 20, published: 1 } });
    const found = project.rejects(receipt as NonNullable<typeof receipt>);
    expect(Object.fromEntries(found.map(({ row, what }) => [row, what]))).toEqual(rejects);
  });
});
