import { afterAll, beforeAll, expect, it } from 'vitest';
import { describePostgresTable } from '../../../src/source/postgres/describe-table.ts';
import { listPostgresTables } from '../../../src/source/postgres/list-tables.ts';
import { describeWithPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { postgresConnection } from './postgres-connection.ts';

const { signal } = new AbortController();
const named = (name: string, schema: string | null = null) => ({ relation: { schema, name }, query: null });
const asked = (query: string, values: readonly string[] = []) => ({
  relation: null,
  query: { pieces: query.split('?'), values },
});

const TABLE = `
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS int NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN money2 AS numeric(12,2);
CREATE DOMAIN tags AS text[];
CREATE TABLE everything (
  "id" bigint PRIMARY KEY, dropped int, "Größe ""x"".y" smallint NOT NULL, "'; DROP TABLE x; --" text,
  amount numeric(12,2) NOT NULL, free numeric, negative numeric(3,-2), code varchar(7), fixed char(3), one "char",
  at timestamp(3), zoned timestamptz, clock time(0), gap interval day to second(2), flags bit(5), many varbit(9),
  feeling mood, feelings mood[], amounts numeric(5,1)[], how positive, price money2, labels tags, prices money2[],
  span int4range, spans int4multirange, a_pair pair, twice numeric(20,3) GENERATED ALWAYS AS (amount * 2) STORED
);
ALTER TABLE everything DROP COLUMN dropped;
COMMENT ON COLUMN everything.amount IS 'in euro';
CREATE TABLE empty ();
CREATE TABLE parted (a int NOT NULL, b date NOT NULL, PRIMARY KEY (b, a)) PARTITION BY RANGE (b);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE VIEW seen AS SELECT id, feeling FROM everything;
CREATE MATERIALIZED VIEW kept AS SELECT id, amount FROM everything;
CREATE SCHEMA "other one";
CREATE TABLE "other one"."a.b" (x int);
CREATE SEQUENCE counter;
INSERT INTO parted SELECT i, '2020-05-01' FROM generate_series(1, 1000) i;
ANALYZE parted;
`;

describeWithPostgres('what PostgreSQL says of tables', (postgres) => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await makePostgresDatabase(postgres());
    await database.query(TABLE);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());
  const connection = () => postgresConnection(postgres(), database.name);
  const describe = (request: Parameters<typeof describePostgresTable>[1]) =>
    describePostgresTable(connection(), request, { signal });

  it('names columns, types, keys and comments, domains resolved to what they stand for', async () => {
    const found = await describe(named('everything'));
    expect(found).toMatchObject({
      kind: 'table',
      relation: { schema: 'public', name: 'everything' },
      primaryKey: ['id'],
    });
    expect(found.server).toMatch(/^PostgreSQL \d+/);
    const lines = found.columns.map(({ name, nullable, type }) =>
      [name, type.kind, type.name, type.sql, type.precision, type.scale, type.length, nullable ? 'null' : '']
        .map((each) => each ?? '')
        .join(' | '),
    );
    expect(lines).toMatchInlineSnapshot(`
      [
        "id | base | bigint | bigint |  |  |  | ",
        "Größe "x".y | base | smallint | smallint |  |  |  | ",
        "'; DROP TABLE x; -- | base | text | text |  |  |  | null",
        "amount | base | numeric | numeric(12,2) | 12 | 2 |  | ",
        "free | base | numeric | numeric |  |  |  | null",
        "negative | base | numeric | numeric(3,-2) | 3 | -2 |  | null",
        "code | base | varchar | character varying(7) |  |  | 7 | null",
        "fixed | base | char | character(3) |  |  | 3 | null",
        "one | base | "char" | "char" |  |  |  | null",
        "at | base | timestamp | timestamp(3) without time zone | 3 |  |  | null",
        "zoned | base | timestamptz | timestamp with time zone |  |  |  | null",
        "clock | base | time | time(0) without time zone | 0 |  |  | null",
        "gap | base | interval | interval day to second(2) | 2 |  |  | null",
        "flags | base | bit | bit(5) |  |  | 5 | null",
        "many | base | varbit | bit varying(9) |  |  | 9 | null",
        "feeling | enum | mood | mood |  |  |  | null",
        "feelings | array | mood | mood[] |  |  |  | null",
        "amounts | array | numeric | numeric(5,1)[] | 5 | 1 |  | null",
        "how | base | integer | integer |  |  |  | ",
        "price | base | numeric | numeric(12,2) | 12 | 2 |  | null",
        "labels | array | text | text[] |  |  |  | null",
        "prices | array | numeric | money2[] | 12 | 2 |  | null",
        "span | range | int4range | int4range |  |  |  | null",
        "spans | range | int4multirange | int4multirange |  |  |  | null",
        "a_pair | composite | pair | pair |  |  |  | null",
        "twice | base | numeric | numeric(20,3) | 20 | 3 |  | null",
      ]
    `);
    expect(found.columns.find(({ name }) => name === 'amount')?.comment).toBe('in euro');
  });

  it('knows tables without columns, views, and what is partitioned', async () => {
    expect(await describe(named('empty'))).toMatchObject({ kind: 'table', columns: [], estimatedRows: 0 });
    expect(await describe(named('seen', 'public'))).toMatchObject({
      kind: 'view',
      primaryKey: [],
      estimatedRows: null,
      columns: [{ nullable: true }, { nullable: true }],
    });
    expect(await describe(named('kept'))).toMatchObject({ kind: 'materialized view' });
    const parted = await describe(named('parted'));
    expect(parted).toMatchObject({ kind: 'partitioned table', primaryKey: ['b', 'a'], estimatedRows: 1000 });
    expect(parted.estimatedBytes).toBeGreaterThan(8000);
    expect(await describe(named('a.b', 'other one'))).toMatchObject({ relation: { schema: 'other one', name: 'a.b' } });
  });

  it('says which table is missing', async () => {
    for (const request of [named('nothing'), named('everything', 'nowhere'), named('counter'), named('EVERYTHING')]) {
      await expect(describe(request)).rejects.toMatchObject({ code: 'ATLAS_DB_TABLE_MISSING' });
    }
  });

  it('describes a query without running it', async () => {
    const found = await describe(
      asked(
        `SELECT e.id, e.amount, e.amount + 1 AS more, now() AS at, 1 AS "One", e.feeling, e.feelings
        FROM everything e WHERE 1 / (SELECT 0) = 1 AND e.id > ? AND e.at < ?`,
        ['5', '2020-01-01'],
      ),
    );
    expect(found).toMatchObject({ kind: 'query', relation: null, primaryKey: [], estimatedRows: null });
    expect(found.columns.map(({ name, nullable, type }) => `${name} ${type.sql} ${nullable ? 'null' : ''}`)).toEqual([
      'id bigint ',
      'amount numeric(12,2) ',
      'more numeric null',
      'at timestamp with time zone null',
      'One integer null',
      'feeling mood null',
      'feelings mood[] null',
    ]);
    const joined = await describe(asked('SELECT b.id FROM empty LEFT JOIN everything b ON true'));
    expect(joined.columns).toMatchObject([{ name: 'id', nullable: true }]);
  });

  it('says where a query is wrong, in the words of the server', async () => {
    await expect(describe(asked('SELECT id,\n  nothing FROM everything'))).rejects.toMatchObject({
      code: 'ATLAS_DB_COLUMN_MISSING',
      message: expect.stringContaining('column "nothing" does not exist (SQLSTATE 42703; query, line 2, column 3)'),
    });
    await expect(
      describe(asked('SELECT id FROM everything WHERE ä = ? AND\n at > ? AND oh', ['1', '2'])),
    ).rejects.toMatchObject({
      message: expect.stringContaining('query, line 1, column 33'),
    });
    await expect(describe(asked('SELECT 1; SELECT 2'))).rejects.toMatchObject({ code: 'ATLAS_DB_QUERY' });
    await expect(describe(asked('SET x.y = 1'))).rejects.toMatchObject({ code: 'ATLAS_DB_QUERY' });
    await expect(describe(asked('SELECT ?', ['1']))).resolves.toMatchObject({ columns: [{ type: { name: 'text' } }] });
  });

  it('lists the tables and views of a schema, but neither partitions nor sequences', async () => {
    const all = await listPostgresTables(connection(), null, { signal });
    expect(all.map(({ schema, name }) => `${schema}.${name}`)).toEqual(
      ['empty', 'everything', 'kept', 'parted', 'seen'].map((name) => `public.${name}`),
    );
    expect(await listPostgresTables(connection(), 'other one', { signal })).toEqual([
      { schema: 'other one', name: 'a.b' },
    ]);
    await expect(listPostgresTables(connection(), 'nowhere', { signal })).rejects.toMatchObject({
      code: 'ATLAS_DB_TABLE_MISSING',
      message: expect.stringContaining('nowhere'),
    });
  });
});
