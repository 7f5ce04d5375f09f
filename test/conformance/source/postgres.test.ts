import { afterAll, beforeAll } from 'vitest';
import { describeWithPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { openSource } from '../../source/postgres/open-source.ts';
import { postgresConnection } from '../../source/postgres/postgres-connection.ts';
import { describeSource } from './describe-source.ts';

/** Rows of several pages, with values that do not fit their features among them. */
const ROWS = `
CREATE TABLE things (id bigint PRIMARY KEY, part int, small bigint, label text, made timestamptz);
INSERT INTO things
  SELECT i, CASE WHEN i % 11 = 0 THEN NULL ELSE i % 50 END, CASE WHEN i % 100 = 7 THEN 3000000000 ELSE i END,
    CASE WHEN i % 250 = 9 THEN NULL ELSE 'label ' || i END, '2020-01-01'::timestamptz + i * interval '1 hour'
  FROM generate_series(1, 3000) i;
CREATE VIEW seen AS SELECT * FROM things;
ANALYZE things;`;

const features = [
  { name: 'made', type: 'timestamptz(us)' },
  { name: 'number', type: 'int32', from: 'small' },
  { name: 'label', type: 'string', nullable: false },
  { name: 'id', type: 'int64' },
  { name: 'from', type: 'string', value: '@file' },
];

describeWithPostgres('PostgreSQL', (postgres) => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await makePostgresDatabase(postgres());
    await database.query(ROWS);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  const bed = (name: string, ways: readonly (readonly [string, object])[], taskBytes: readonly number[]) =>
    describeSource(name, () => ({
      ways: (slice_bytes) =>
        ways.map(([way, keys]) => ({
          name: way,
          open: () =>
            openSource(
              postgresConnection(postgres(), database.name),
              { features, slice_bytes, fetch_size: 333, ...keys },
              { least: '0' },
            ),
        })),
      taskBytes,
      bytes: null,
      [Symbol.dispose]: () => undefined,
    }));

  bed(
    'postgresql, ranges of pages',
    [
      ['by COPY', { table: 'things' }],
      ['by a cursor', { table: 'public.things', extraction: 'cursor' }],
    ],
    [1 << 30, 60_000, 64],
  );
  bed(
    'postgresql, ranges of a key with NULLs',
    [
      ['by COPY', { table: 'things', split_by: 'part' }],
      ['by a cursor', { table: 'things', split_by: 'part', extraction: 'cursor' }],
    ],
    [1 << 30, 60_000, 20_000],
  );
  bed(
    'postgresql, a query',
    [
      ['by COPY', { query: 'SELECT * FROM seen -- all', split_by: 'id' }],
      ['with a bound value', { query: 'SELECT * FROM seen WHERE id > {{ least }} -- all', split_by: 'id' }],
    ],
    [1 << 30, 60_000, 20_000],
  );
});
