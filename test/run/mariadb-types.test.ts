import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithMariadb } from '../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import { query } from './duck.ts';
import { expectSame, parquetText } from './same-values.ts';
import { TableProject } from './table-project.ts';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/types/${name}`, import.meta.url), 'utf8');

interface Expected {
  readonly types: Readonly<Record<string, string>>;
  readonly rejects: Readonly<Record<string, string>>;
}
const { types, rejects }: Expected = JSON.parse(fixture('mariadb.expected.json'));
const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** What the server prints of a column; days and microseconds where printing depends on who prints. */
function printed(name: string, type: string): string {
  const column = quoted(name);
  if (type === 'binary') return `LOWER(HEX(${column}))`;
  if (type === 'date') return `DATEDIFF(${column}, '1970-01-01')`;
  if (type.startsWith('timestamp')) return `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${column})`;
  if (name.startsWith('c_bit')) return `${column} + 0`;
  if (name === 'c_float') return `${column} + 0e0`;
  // zeroes in front are no part of a number
  return name === 'c_zerofill' || name === 'c_year' ? `${column} + 0` : column;
}

describeWithMariadb('every type of MariaDB, in Parquet', (mariadb) => {
  let database: MariadbDatabase;
  let connection: object;
  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query(fixture('mariadb.sql'));
    const { host, port, user, password } = mariadb();
    connection = { type: 'mysql', host, port, user, password, database: database.name };
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  const table = (name: string, source: object = {}, rest: object = {}) => ({
    name: 'a',
    source: { type: 'mysql', connection: 'shop', table: name, features: '*', ...source },
    destination: { type: 'parquet', path: 'out/a.parquet' },
    ...rest,
  });

  it('what the server prints is what the file holds', async () => {
    using project = new TableProject();
    const [receipt] = await project.loadTables([table('held', { fetch_size: 2 })], connection);
    expect(receipt).toMatchObject({ outcome: 'published', rows: { read: 8, published: 8 } });
    expect(Object.fromEntries(receipt?.schema.map(({ name, type }) => [name, type]) ?? [])).toEqual(types);
    const columns = Object.entries(types).map(([name, type]) => printed(name, type));
    const server = await database.query(`SELECT ${columns.join(', ')} FROM held ORDER BY id`);
    const file = await parquetText(project.path('out/a.parquet'), types);
    // a single is printed as the double that it is
    const singles = file.map((row) => row.map((cell, index) => single(cell, Object.values(types)[index])));
    expectSame(singles, server, types);
  });

  it('text cast by the rules of CSV fields is the same', async () => {
    using project = new TableProject();
    const casts = Object.entries(types).filter(([name, type]) => type !== 'binary' && !name.startsWith('c_bit'));
    const list = casts.map(([name]) => {
      const column = name === 'c_float' ? `${quoted(name)} + 0e0` : quoted(name);
      return `CAST(${column} AS CHAR) AS ${quoted(name)}`;
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
    const difference = `SELECT count(*) FROM (FROM ${read('binary')} EXCEPT FROM ${read('text')})`;
    expect(await query(difference)).toEqual([['0']]);
  });

  it('what a feature cannot hold is set aside, with its reason', async () => {
    using project = new TableProject();
    const features = [
      { name: 'id', type: 'int' },
      { name: 'd', type: 'date' },
      { name: 's', type: 'timestamp(us)' },
      { name: 'z', type: 'timestamptz(us)' },
      { name: 't', type: 'time(us)' },
      { name: 'i', type: 'int32' },
      { name: 'u', type: 'bigint' },
      { name: 'f', type: 'double' },
      { name: 'b', type: 'boolean' },
      { name: 'c', type: 'string' },
      { name: 'g', type: 'string' },
      { name: 'w', type: 'string' },
      { name: 'x', type: 'string' },
    ];
    const limits = { on_error: 'reject', max_rejects: 100 };
    // of its thirty digits the plan knows that they are finer, of text it does not
    const query = 'SELECT CAST(p AS CHAR) AS q FROM unheld WHERE p IS NOT NULL';
    const text = { table: undefined, query, features: [{ name: 'p', from: 'q', type: 'decimal(12,2)' }] };
    const [receipt] = await project.loadTables([table('unheld', { features }, limits)], connection);
    expect(receipt).toMatchObject({ outcome: 'published', rows: { read: 23, rejected: 20, published: 3 } });
    const found = project.rejects(receipt as NonNullable<typeof receipt>);
    const as = { ...table('unheld', text, { ...limits, on_empty: 'publish' }), name: 'b' };
    const [other] = await project.loadTables([as], connection);
    const more = project.rejects(other as NonNullable<typeof other>).map(({ row, what }) => ({ row: row + 16, what }));
    expect(Object.fromEntries([...found, ...more].map(({ row, what }) => [row, what]))).toEqual(rejects);
  });
});

/** A float's text as a double prints the same number. */
function single(text: string | null, type: string | undefined): string | null {
  return text === null || type !== 'real' ? text : String(Math.fround(Number(text)));
}
