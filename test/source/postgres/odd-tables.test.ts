import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Source } from '../../../src/flow/source.ts';
import { type Reading, readSource } from '../../conformance/source/read-source.ts';
import { describeWithPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { openSource } from './open-source.ts';
import { postgresConnection } from './postgres-connection.ts';

const NAME = '"; DROP TABLE x; --';

describeWithPostgres('odd tables of PostgreSQL', (postgres) => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await makePostgresDatabase(postgres());
    await database.query(`
      CREATE TABLE nothing (); CREATE TABLE no_columns ();
      CREATE TABLE x (${quoted(NAME)} int, "Ünï ""c"" 'ö'" text);
      INSERT INTO x VALUES (1, 'one'), (NULL, NULL);
      CREATE SCHEMA ${quoted(NAME)}; CREATE TABLE ${quoted(NAME)}."a.b" (x int); INSERT INTO ${quoted(NAME)}."a.b" VALUES (7);
      CREATE TABLE zoned (at timestamptz, local timestamp, day date);
      INSERT INTO zoned VALUES ('2024-07-01 12:00:00+00', '2024-07-01 12:00:00', '2024-07-01');
      CREATE TABLE parted (id int NOT NULL, part int) PARTITION BY LIST (part);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
      CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
      CREATE TABLE parted_x PARTITION OF parted DEFAULT;
      INSERT INTO parted SELECT i, CASE WHEN i < 3000 THEN 1 WHEN i < 3500 THEN 2 ELSE i % 3 + 2 END FROM generate_series(1, 4000) i;
      CREATE TABLE parent (id int); CREATE TABLE child (more text) INHERITS (parent);
      INSERT INTO parent SELECT generate_series(1, 900); INSERT INTO child SELECT generate_series(901, 3000);
      CREATE TABLE skewed (k int, filler text);
      INSERT INTO skewed SELECT CASE WHEN i % 100 = 0 THEN 1000000000 + i WHEN i % 7 = 0 THEN NULL ELSE i / 10 END, repeat('f', 50) FROM generate_series(1, 30000) i;
      CREATE TABLE keyed (u uuid, t timestamptz, d date, s smallint);
      INSERT INTO keyed SELECT md5(i::text)::uuid, '2020-01-01'::timestamptz + i * interval '1 minute', '2020-01-01'::date + i % 1000, i % 300 FROM generate_series(1, 4000) i;
      INSERT INTO keyed VALUES (NULL, 'infinity', '-infinity', -32768), (NULL, '-infinity', 'infinity', 32767), (NULL, NULL, NULL, NULL);
      ANALYZE;
    `);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());
  const connection = () => postgresConnection(postgres(), database.name);

  async function read(keys: object): Promise<Reading> {
    await using source: Source = await openSource(connection(), keys);
    return await readSource(source);
  }

  it('reads names that are made to be misread', async () => {
    const { rows } = await read({ table: 'x' });
    expect(rows).toEqual([
      [1, 'one'],
      [null, null],
    ]);
    expect((await read({ table: 'x', split_by: NAME, slice_bytes: 64 })).rows.length).toBe(2);
    expect((await read({ table: `${quoted(NAME)}."a.b"` })).rows).toEqual([[7]]);
    expect(await database.query('SELECT count(*) FROM x')).toEqual([['2']]);
  });

  it('knows that a table without rows is empty, and counts rows that have no columns', async () => {
    const features = [{ name: 'one', type: 'int32', value: '1' }];
    const empty = await read({ table: 'nothing', features });
    expect(empty).toMatchObject({ rows: [], survey: { empty: true } });
    await database.query('INSERT INTO no_columns DEFAULT VALUES; INSERT INTO no_columns DEFAULT VALUES');
    for (const extraction of ['copy', 'cursor']) {
      const { rows, survey } = await read({ table: 'no_columns', features, extraction });
      expect(rows).toEqual([[1], [1]]);
      expect(survey.empty).toBe(false);
    }
  });

  it.each(['copy', 'cursor'])('reads tables of one column and of 1,600, by %s', async (extraction) => {
    const names = Array.from({ length: 1600 }, (_, index) => `c${index}`);
    await database.query(`DROP TABLE IF EXISTS broad; CREATE TABLE broad (${names.map((name) => `${name} smallint`).join(', ')});
      INSERT INTO broad (c0, c1599) SELECT i, -i FROM generate_series(1, 50) i`);
    const { rows } = await read({ table: 'broad', extraction, fetch_size: 7 });
    expect(rows.length).toBe(50);
    expect(rows.map((row) => row[0] as number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    for (const row of rows) expect([row.length, row[1], row[1599]]).toEqual([1600, null, -(row[0] as number)]);
    expect((await read({ query: 'SELECT c1599 FROM broad', extraction })).rows.length).toBe(50);
  });

  it('sees the same instants whatever the zone and the formats of server, role and database are', async () => {
    const before = await read({ table: 'zoned' });
    const text = [
      { name: 'at', type: 'string' },
      { name: 'day', type: 'string' },
    ];
    const texts = await read({ table: 'zoned', features: text });
    expect(texts.rows).toEqual([['2024-07-01 12:00:00+00', '2024-07-01']]);
    for (const [setting, value] of [
      ['timezone', "'Asia/Kathmandu'"],
      ['datestyle', "'SQL, DMY'"],
      ['standard_conforming_strings', 'off'],
      ['search_path', 'public'],
      ['default_transaction_isolation', "'read committed'"],
    ]) {
      await database.query(`ALTER DATABASE ${database.name} SET ${setting} = ${value}`);
    }
    expect((await read({ table: 'zoned' })).rows).toEqual(before.rows);
    expect((await read({ table: 'zoned', features: text })).rows).toEqual(texts.rows);
    await database.query(`ALTER DATABASE ${database.name} RESET ALL`);
  });

  it('reads partitions and inheriting tables with their parents, each row once', async () => {
    const { rows, survey } = await read({ table: 'parted', slice_bytes: 8_000 });
    expect(survey.notes[0]).toContain('ranges of pages');
    expect(survey.tasks.length).toBeGreaterThan(5);
    expect(ids(rows)).toEqual(Array.from({ length: 4000 }, (_, i) => i + 1));
    const parents = await read({ table: 'parent', slice_bytes: 8_000 });
    expect(parents.survey.tasks.length).toBeGreaterThan(5);
    expect(ids(parents.rows)).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1));
  });

  it('parts a skewed key evenly, and loses no NULL', async () => {
    const { tallies, survey, rows } = await read({ table: 'skewed', split_by: 'k', slice_bytes: 200_000 });
    expect(rows.length).toBe(30_000);
    const read_ = tallies.map(({ rowsRead }) => rowsRead);
    const nulls = read_.at(-1) as number;
    expect(survey.tasks.at(-1)?.slice).toEqual({ condition: '"k" IS NULL' });
    expect(nulls).toBe(Math.floor(30_000 / 7) - Math.floor(30_000 / 700));
    const keyed = read_.slice(0, -1);
    expect(keyed.length).toBeGreaterThan(5);
    expect(Math.max(...keyed)).toBeLessThan(2 * Math.min(...keyed));
  });

  it.each(['u', 't', 'd', 's'])('parts by a column of any type that has ranges: %s', async (split_by) => {
    const whole = await read({ table: 'keyed' });
    for (const source of [{ table: 'keyed' }, { query: 'SELECT * FROM keyed -- by its text' }]) {
      const { rows, survey } = await read({ ...source, split_by, slice_bytes: 20_000 });
      expect(survey.tasks.length).toBeGreaterThan(4);
      expect(sorted(rows)).toEqual(sorted(whole.rows));
    }
  });

  it('refuses to split by what has no ranges', async () => {
    await expect(read({ table: 'skewed', split_by: 'filler', slice_bytes: 1000 })).rejects.toMatchObject({
      code: 'ATLAS_DB_SPLIT',
    });
  });
});

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function ids(rows: Reading['rows']): readonly number[] {
  return rows.map(([id]) => id as number).sort((a, b) => a - b);
}

function sorted(rows: Reading['rows']): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
