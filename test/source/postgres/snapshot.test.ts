import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Source, Survey } from '../../../src/flow/source.ts';
import type { Task } from '../../../src/flow/task.ts';
import { readTask } from '../../conformance/source/read-source.ts';
import { describeWithPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { openPlan, openSource } from './open-source.ts';
import { planOf } from './plan-of.ts';
import { postgresConnection } from './postgres-connection.ts';

const { signal } = new AbortController();

describeWithPostgres('one snapshot of PostgreSQL', (postgres) => {
  let database: PostgresDatabase;
  let other: PostgresDatabase['query'];
  beforeAll(async () => {
    database = await makePostgresDatabase(postgres());
    other = (sql) => database.query(sql);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());
  const connection = () => postgresConnection(postgres(), database.name);

  async function make(table: string, rows = 5000): Promise<void> {
    await other(`DROP TABLE IF EXISTS ${table} CASCADE;
      CREATE TABLE ${table} (id int PRIMARY KEY, text text);
      INSERT INTO ${table} SELECT i, 'text ' || i FROM generate_series(1, ${rows}) i; ANALYZE ${table};`);
  }

  /** All rows, the tasks read by two sources in turn; `between` is called after each. */
  async function readTwice(sources: readonly Source[], survey: Survey, between: (task: number) => Promise<unknown>) {
    const rows: string[] = [];
    for (const task of survey.tasks) {
      const source = sources[task.index % sources.length] as Source;
      const read = await readTask(source, task, survey, Number.POSITIVE_INFINITY, signal);
      rows.push(...read.rows.map((row) => JSON.stringify(row)));
      await between(task.index);
    }
    return rows.sort();
  }

  it.each([
    ['pages', {}],
    ['a key', { split_by: 'id' }],
  ])('holds for all readers, by %s, whatever goes on meanwhile', async (_name, keys) => {
    await make('busy');
    const plan = await planOf(connection(), { table: 'busy', slice_bytes: 20_000, ...keys });
    await using source = await openPlan(plan, connection());
    await using second = await openPlan(plan, connection());
    const before = (await other('SELECT id, text FROM busy')).map(([id, text]) => JSON.stringify([Number(id), text]));
    const survey = await source.survey({ signal });
    expect(survey.tasks.length).toBeGreaterThan(4);
    const changes = [
      "UPDATE busy SET text = 'changed', id = id + 100000 WHERE id % 3 = 0",
      'DELETE FROM busy WHERE id % 5 = 0',
      "INSERT INTO busy SELECT i, 'new' FROM generate_series(200001, 209999) i",
      'VACUUM busy',
      "UPDATE busy SET text = 'again'",
    ];
    const rows = await readTwice([source, second], survey, async (task) => {
      if (changes[task] !== undefined) await other(changes[task]);
    });
    expect(rows).toEqual(before.sort());
  });

  it('keeps the table as it is until the source is closed', async () => {
    await make('held');
    const source = await openSource(connection(), { table: 'held' });
    await source.survey({ signal });
    for (const change of [
      'ALTER TABLE held DROP COLUMN text',
      'TRUNCATE held',
      'DROP TABLE held',
      'VACUUM FULL held',
    ]) {
      await other("SET lock_timeout = '50ms'");
      await expect(other(change), change).rejects.toThrow('lock timeout');
    }
    await source[Symbol.asyncDispose]();
    await other('DROP TABLE held');
  });

  it('refuses a table that changed after it was planned', async () => {
    await make('drifting');
    const plan = await planOf(connection(), { table: 'drifting' });
    await other('ALTER TABLE drifting ALTER COLUMN id TYPE bigint');
    await using source = await openPlan(plan, connection());
    await expect(source.survey({ signal })).rejects.toMatchObject({
      code: 'ATLAS_DB_CHANGED',
      message: expect.stringContaining('was integer when its load was planned; it is bigint now'),
    });
    await other('ALTER TABLE drifting DROP COLUMN id');
    await expect(source.survey({ signal })).rejects.toMatchObject({ code: 'ATLAS_DB_CHANGED' });
    await other('DROP TABLE drifting');
    await expect(source.survey({ signal })).rejects.toMatchObject({ code: 'ATLAS_DB_TABLE_MISSING' });
  });

  it('refuses a table that is truncated between the snapshot and its locks, and looks again', async () => {
    await make('emptied');
    const plan = await planOf(connection(), { table: 'emptied' });
    await using source = await openPlan(plan, connection());
    await other("SET lock_timeout = '0'");
    await other('BEGIN');
    await other('TRUNCATE emptied');
    const surveying = source.survey({ signal });
    const waiting = `SELECT count(*) FROM pg_locks l WHERE NOT granted AND relation = 'emptied'::regclass`;
    await expect.poll(() => other(waiting), { timeout: 10_000 }).toEqual([['1']]);
    await other('COMMIT');
    await expect(surveying).rejects.toMatchObject({
      code: 'ATLAS_DB_CHANGED',
      message: expect.stringContaining('emptied was truncated or rewritten'),
    });
    expect(await source.survey({ signal })).toMatchObject({ empty: true });
  });

  it('writes nothing, whatever a query says', async () => {
    await make('safe', 10);
    await other(`CREATE FUNCTION spoil() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM safe; RETURN 1; END $$`);
    const plan = await planOf(connection(), { query: 'SELECT spoil() AS one' });
    await using source = await openPlan(plan, connection());
    const survey = await source.survey({ signal });
    await expect(
      readTask(source, survey.tasks[0] as Task, survey, Number.POSITIVE_INFINITY, signal),
    ).rejects.toMatchObject({ code: 'ATLAS_DB_QUERY', message: expect.stringContaining('SQLSTATE 25006') });
    expect(await other('SELECT count(*) FROM safe')).toEqual([['10']]);
  });

  it('counts the rows where it is told to, and says how far a column reaches', async () => {
    await make('counted', 500);
    await other(
      'UPDATE counted SET text = NULL WHERE id > 490; ALTER TABLE counted ADD n numeric; UPDATE counted SET n = id / 2.0 WHERE id < 400',
    );
    await using source = await openSource(connection(), {
      table: 'counted',
      where: 'text IS NOT NULL',
      verify_count: true,
    });
    expect(await source.survey({ signal })).toMatchObject({ rows: 490, empty: false });
    const plan = await planOf(connection(), {
      table: 'counted',
      incremental: { column: 'n' },
      features: [{ name: 'id', type: 'int64' }],
    });
    for (const [range, reached, ids] of [
      [{ from: null, fromInclusive: false, to: null, toInclusive: true, nulls: false }, '199.5000000000000000', 399],
      [
        { from: '100', fromInclusive: false, to: null, toInclusive: true, nulls: true },
        '199.5000000000000000',
        199 + 101,
      ],
      [{ from: '100', fromInclusive: true, to: '150', toInclusive: false, nulls: false }, '149.5000000000000000', 100],
      [{ from: '1000', fromInclusive: true, to: null, toInclusive: true, nulls: false }, null, 0],
    ] as const) {
      await using each = await openPlan({ ...plan, range }, connection());
      const survey = await each.survey({ signal });
      expect(survey.watermark).toEqual({ serverType: 'numeric', reached, nulls: 101 });
      expect(survey.empty).toBe(ids === 0);
      const rows = await readTwice([each], survey, async () => null);
      expect(rows.length).toBe(ids);
    }
  });
});
