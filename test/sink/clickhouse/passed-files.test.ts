import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatasetPlan, Receipt } from '../../../src/index.ts';
import { openEmbeddedServer } from '../../../src/sink/clickhouse/server/embedded-server.ts';
import { Project } from '../../run/project.ts';
import { duckdb } from '../../source/parquet/parquet-bed.ts';
import { clickhouseConnection } from './server/clickhouse-connection.ts';

const { signal } = new AbortController();
let project: Project;
beforeAll(() => {
  project = new Project();
});
afterAll(() => project[Symbol.dispose]());

const COLUMNS = {
  i: ['i', 'bigint'],
  i8: ['(i % 256 - 128)::TINYINT', 'int8'],
  u16: ['(i % 65536)::USMALLINT', 'uint16'],
  i32: ['-i::INT', 'int32'],
  u32: ['(4294967295 - i)::UINTEGER', 'uint32'],
  u64: ['(18446744073709551615 - i::HUGEINT)::UBIGINT', 'uint64'],
  f: ["CASE i % 5 WHEN 0 THEN 'nan' WHEN 1 THEN '-0' WHEN 2 THEN '-inf' ELSE i / 3 END::FLOAT", 'real'],
  d: ["CASE i % 5 WHEN 0 THEN 'nan' WHEN 1 THEN '-0' WHEN 2 THEN 'inf' ELSE i / 7 END::DOUBLE", 'double'],
  small: ['((i % 2000000 - 1000000) / 100)::DECIMAL(9,2)', 'decimal(9,2)'],
  middle: ['(i - 500)::DECIMAL(18,4)', 'decimal(18,4)'],
  wide: ['-i::DECIMAL(38,10)', 'decimal(38,10)'],
  b: ['CASE WHEN i % 3 = 0 THEN NULL ELSE i % 2 = 0 END', 'boolean'],
  s: ["CASE WHEN i % 5 = 0 THEN NULL WHEN i % 5 = 1 THEN '' ELSE 'é😀' || chr(0) || i END", 'string'],
  few: ["'group ' || (i % 7)", 'string'],
  bytes: ["encode('x' || i)", 'binary'],
  day: ["CASE WHEN i % 9 = 0 THEN NULL ELSE DATE '1900-01-01' + (i % 146000)::INT END", 'date'],
  at: ["TIMESTAMP '1900-01-01' + INTERVAL (i * 1000003) SECOND + INTERVAL (i) MICROSECOND", 'timestamp(us)'],
  instant: ["TIMESTAMPTZ '2000-01-01 00:00:00.000001Z' - INTERVAL (i) SECOND", 'timestamptz(us)'],
  millis: ["(TIMESTAMP '1999-12-31 23:59:59.999' + INTERVAL (i) SECOND)::TIMESTAMP_MS", 'timestamp(ms)'],
  nanos: ["(TIMESTAMP_NS '2261-12-31 23:59:59.999999999')", 'timestamp(ns)'],
  id: ["md5('x' || i)::UUID", 'uuid'],
} as const;
const FEATURES = Object.entries(COLUMNS).map(([name, [, type]]) => ({ name, type, nullable: name !== 'i' }));
const SELECT = Object.entries(COLUMNS)
  .map(([name, [sql]]) => `${sql} AS ${name}`)
  .join(', ');

function declare(table: string, source: object = {}, more: object = {}): void {
  const destination = { type: 'clickhouse', connection: 'olap', table, order_by: ['i'], mode: 'overwrite', ...more };
  project.declare(
    [{ name: 'x', source: { type: 'parquet', path: 'in.parquet', features: FEATURES, ...source }, destination }],
    { olap: { type: 'clickhouse', url: 'chdb:./ch' } },
  );
}

/** Runs the dataset, as it is planned or with every row decoded; answers its receipt and what was said. */
async function load(
  decoded = false,
  workers = 1,
): Promise<{ readonly receipt: Receipt; readonly notes: readonly string[] }> {
  const [plan] = (await project.plans()) as [DatasetPlan];
  const { pass: _pass, ...source } = plan.source as typeof plan.source & { pass?: unknown };
  const from = project.events.length;
  const { receipts } = await project.run({
    workers,
    plans: [decoded ? { ...plan, source: source as DatasetPlan['source'] } : plan],
  });
  const notes = project.events.slice(from).flatMap((event) => (event.type === 'note' ? [event.message] : []));
  return { receipt: receipts[0] as Receipt, notes };
}

async function ask(sql: string): Promise<readonly Record<string, unknown>[]> {
  const connection = { ...clickhouseConnection({}), folder: project.path('ch') };
  await using server = await openEmbeddedServer(connection, { signal });
  return await server.query({ sql }, { signal });
}

const HANDED = 'handed on as they are';

it('every type that is handed on is in the table what its decoded rows are', { timeout: 120_000 }, async () => {
  await duckdb(
    `COPY (SELECT ${SELECT} FROM range(9000) r(i)) TO '${project.path('in.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
  declare('passed');
  const passed = await load();
  expect(passed.receipt.error).toBeNull();
  expect(passed.notes.join()).toContain(`${HANDED}, without being decoded: in.parquet`);
  expect(passed.receipt.rows).toMatchObject({ read: 9000, published: 9000, rejected: 0 });
  declare('decoded');
  const decoded = await load(true);
  expect(decoded.receipt.error).toBeNull();
  expect(decoded.notes.join()).not.toContain(HANDED);
  const exact = FEATURES.map(({ name, type }) => {
    if (type === 'real' || type === 'double') return `reinterpretAsUInt${type === 'real' ? 32 : 64}(${name})`;
    return type === 'string' || type === 'binary' ? `hex(${name})` : `toString(${name})`;
  });
  const all = (table: string) =>
    ask(`SELECT ${exact.map((sql, index) => `${sql} AS c${index}`).join(', ')} FROM ${table} ORDER BY i`);
  const [one, other] = [await all('passed'), await all('decoded')];
  expect(one.length).toBe(9000);
  expect(one).toEqual(other);
  const types = (table: string) =>
    ask(`SELECT name, type FROM system.columns WHERE table = '${table}' ORDER BY position`);
  expect(await types('passed')).toEqual(await types('decoded'));
});

it('a table with other types than the plan gets decoded rows', async () => {
  await duckdb(
    `COPY (SELECT i, DATE '2024-01-01' + i::INT AS d FROM range(100) r(i)) TO '${project.path('in.parquet')}' (FORMAT parquet)`,
  );
  const features = [
    { name: 'i', type: 'bigint', nullable: false },
    { name: 'd', type: 'date', nullable: false },
  ];
  const connection = { ...clickhouseConnection({}), folder: project.path('ch') };
  {
    await using server = await openEmbeddedServer(connection, { signal });
    await server.command({ sql: 'CREATE TABLE there (i Int64, d Date) ENGINE = MergeTree ORDER BY i' }, { signal });
    await server.command(
      { sql: 'CREATE TABLE same (i Int64, d Nullable(Date32)) ENGINE = MergeTree ORDER BY i' },
      { signal },
    );
  }
  declare('there', { features }, { mode: 'append' });
  expect((await load()).notes.join()).not.toContain(HANDED);
  declare('same', { features }, { mode: 'append' });
  const same = await load();
  expect(same.receipt.error).toBeNull();
  expect(same.notes.join()).toContain(HANDED);
  expect(await ask('SELECT count() AS n, max(toString(d)) AS d FROM same')).toEqual([{ n: '100', d: '2024-04-09' }]);
});

it('a value out of range is a reject still: its file is decoded, and only it', async () => {
  project.write('in/keep', '');
  await duckdb(
    `COPY (SELECT i, DATE '2024-01-01' AS d FROM range(70000) r(i)) TO '${project.path('in/a.parquet')}' (FORMAT parquet)`,
  );
  await duckdb(
    `COPY (SELECT i, CASE WHEN i = 7 THEN DATE '1899-12-31' ELSE DATE '2024-01-01' END AS d FROM range(70000) r(i)) TO '${project.path('in/b.parquet')}' (FORMAT parquet)`,
  );
  await duckdb(
    `COPY (SELECT 1::BIGINT AS i, DATE '2024-01-01' AS d) TO '${project.path('in/c.parquet')}' (FORMAT parquet)`,
  );
  const features = [
    { name: 'i', type: 'bigint', nullable: false },
    { name: 'd', type: 'date' },
  ];
  const destination = { type: 'clickhouse', connection: 'olap', table: 'mixed', order_by: ['i'], mode: 'overwrite' };
  const source = { type: 'parquet', path: 'in/*.parquet', features, slice_bytes: 65_536 };
  project.declare([{ name: 'x', source, destination, on_error: 'reject', max_rejects: 1 }], {
    olap: { type: 'clickhouse', url: 'chdb:./ch' },
  });
  const { receipt, notes } = await load(false, 2);
  expect(receipt.error).toBeNull();
  expect(receipt.workers).toBe(2);
  expect(receipt.rows).toMatchObject({ read: 140_001, published: 140_000, rejected: 1 });
  expect(notes.join('\n')).toContain('without being decoded: in/a.parquet');
  expect(notes.join('\n')).toMatch(/decoded, .*in\/b.parquet \(d may be out of range/);
  expect(notes.join('\n')).toMatch(/in\/c.parquet \(it has 1 row/);
  expect(await ask('SELECT count() AS n, min(d) AS least FROM mixed')).toMatchObject([{ n: '140000' }]);
});

it('a flipped bit in a page with a checksum fails the load, and nothing of it is published', async () => {
  await duckdb(
    `COPY (SELECT i, random() AS r FROM range(5000) t(i)) TO '${project.path('raw.parquet')}' (FORMAT parquet)`,
  );
  const features = [
    { name: 'i', type: 'bigint', nullable: false },
    { name: 'r', type: 'double' },
  ];
  const destination = { type: 'parquet', path: 'in.parquet', compression: 'none' };
  project.declare([{ name: 'ours', source: { type: 'parquet', path: 'raw.parquet', features }, destination }]);
  expect((await project.run()).receipts[0]?.outcome).toBe('published');
  const bytes = project.read('in.parquet');
  bytes[30_000] = (bytes[30_000] as number) ^ 1;
  project.write('in.parquet', bytes);
  declare('damaged', { features });
  const { receipt } = await load();
  expect(receipt.outcome).toBe('failed');
  expect(receipt.error?.code).toBe('ATLAS_CH_STATEMENT');
  const left =
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND (name = 'damaged' OR name LIKE '\\_atlas\\_stage%')";
  expect(await ask(left)).toEqual([]);
});
