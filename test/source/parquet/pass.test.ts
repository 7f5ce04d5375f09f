import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { encodePassedTail, PASSED_HEAD } from '../../../src/encode/parquet/passed-footer.ts';
import type { ParquetSourcePlan } from '../../../src/flow/dataset-plan.ts';
import type { PassedFacts } from '../../../src/flow/passed-file.ts';
import { boundFeatures } from '../../../src/plan/bound-features.ts';
import { openParquetSource } from '../../../src/source/parquet/parquet-source.ts';
import { cellsOf, duckdb, ParquetBed } from './parquet-bed.ts';
import { type Features, planOf } from './plan-of.ts';

const { signal } = new AbortController();
const PASS = { rows: 1_048_576, bytes: 256 << 20 };

/** The files that a task's pieces are, or null where its rows are read. */
async function passed(path: string, features: Features, pass: ParquetSourcePlan['pass'] = PASS) {
  const plan = planOf(path, features);
  const bound = { ...plan, features: boundFeatures(plan.features, 'clickhouse'), pass };
  await using source = await openParquetSource(bound, { reserve: 0, loadedAt: 0n });
  const survey = await source.survey({ signal });
  const files: { bytes: Buffer; rows: number; pieces: number }[] = [];
  let spans = 0;
  for (const task of survey.tasks) {
    await using reader = await source.read(task, survey.state, { rejectLimit: 1, signal });
    if (reader.pass === undefined) return { files: null, notes: survey.notes, spans, survey };
    const parts: Uint8Array[] = [];
    for await (const { bytes, rows, facts } of reader.pass({ signal })) {
      parts.push(bytes);
      const { file } = facts as PassedFacts;
      if (file === null) expect(rows).toBe(0);
      else
        files.push({
          bytes: Buffer.concat([PASSED_HEAD, ...parts, encodePassedTail(file)]),
          rows,
          pieces: parts.length,
        });
    }
    const tally = reader.tally();
    spans += tally.spans.header + tally.spans.skipped + tally.spans.row;
    expect(tally.begin + tally.spans.header + tally.spans.skipped + tally.spans.row).toBe(tally.end);
  }
  return { files, notes: survey.notes, spans, survey };
}

const COLUMNS = {
  i8: ['(i % 256 - 128)::TINYINT', 'int8'],
  u16: ['(i % 65536)::USMALLINT', 'uint16'],
  i32: ['i::INT', 'int32'],
  u32: ['(4294967295 - i)::UINTEGER', 'uint32'],
  i64: ['(9223372036854775807 - i)::BIGINT', 'int64'],
  u64: ['(18446744073709551615 - i::HUGEINT)::UBIGINT', 'uint64'],
  f: ['(i / 3)::FLOAT', 'real'],
  d: ['i / 7', 'double'],
  small: ['(i % 1000000 / 100)::DECIMAL(9,2)', 'decimal(9,2)'],
  middle: ['i::DECIMAL(18,4)', 'decimal(18,4)'],
  wide: ['i::DECIMAL(38,10)', 'decimal(38,10)'],
  b: ['i % 2 = 0', 'boolean'],
  s: ["CASE WHEN i % 5 = 0 THEN NULL ELSE 'é' || i END", 'string'],
  few: ["'group ' || (i % 7)", 'string'],
  bytes: ["encode('x' || i)", 'binary'],
  day: ["DATE '1900-01-01' + (i % 100000)::INT", 'date'],
  at: ["TIMESTAMP '1999-12-31 23:59:59.999999' + INTERVAL (i) SECOND", 'timestamp(us)'],
  instant: ["TIMESTAMPTZ '1999-12-31 23:59:59.999999Z' + INTERVAL (i) SECOND", 'timestamptz(us)'],
  id: ["md5('x' || i)::UUID", 'uuid'],
} as const;
const FEATURES = Object.fromEntries(Object.entries(COLUMNS).map(([name, [, type]]) => [name, type]));
const SELECT = `SELECT ${Object.entries(COLUMNS)
  .map(([name, [sql]]) => `${sql} AS ${name}`)
  .join(', ')} FROM range(5000) r(i)`;

it.each(['snappy', 'zstd', 'gzip', 'uncompressed', 'lz4_raw', 'brotli'])(
  'row groups of another writer are files of their own, value by value the same: %s',
  async (codec) => {
    using bed = new ParquetBed();
    await duckdb(`COPY (${SELECT}) TO '${bed.input}' (FORMAT parquet, CODEC '${codec}', ROW_GROUP_SIZE 2048)`);
    const { files, survey, spans } = await passed(bed.input, FEATURES, { rows: 4100, bytes: PASS.bytes });
    expect(files?.map(({ rows }) => rows)).toEqual([4096, 904]);
    expect(spans).toBe(survey.contentBytes);
    const paths = files?.map(({ bytes }, index) => {
      writeFileSync(bed.project.path(`p${index}.parquet`), bytes);
      return bed.project.path(`p${index}.parquet`);
    });
    const told = await duckdb(`SELECT COLUMNS(*)::VARCHAR FROM read_parquet([${paths?.map((each) => `'${each}'`)}])`);
    const [types, ...rows] = await cellsOf(bed.input);
    expect(told).toEqual(rows);
    expect((await cellsOf(paths?.[0] ?? ''))[0]).toEqual(types);
  },
);

it('columns are chosen, ordered and named by the features', async () => {
  using bed = new ParquetBed();
  await duckdb(
    `COPY (SELECT i AS a, i * 2 AS b, 'x' || i AS c FROM range(1000) r(i)) TO '${bed.input}' (FORMAT parquet)`,
  );
  const { files } = await passed(bed.input, { c: 'string', second: { type: 'int64', from: 'a' } });
  writeFileSync(bed.project.path('p.parquet'), files?.[0]?.bytes ?? '');
  expect(await cellsOf(bed.project.path('p.parquet'))).toEqual(await cellsOf(bed.input, 'c, a AS second'));
});

it.each([
  ['a type that is another', 'SELECT 1::INT AS x', 'int64', 'x is of another type'],
  ['a null where none may be', 'SELECT NULL::INT AS x', { type: 'int32', nullable: false }, 'x may be null'],
  ['a date out of range', "SELECT DATE '1899-12-31' AS x", 'date', 'x may be out of range'],
  ['a timestamp out of range', "SELECT TIMESTAMP '2300-01-01' AS x", 'timestamp(us)', 'x may be out of range'],
  ['JSON text', "SELECT '{}' AS x", 'json', 'x is of another type'],
  ['a time of day', "SELECT TIME '01:02:03' AS x", 'time(us)', 'x is stored as INT64'],
  ['a list', 'SELECT [1] AS x', 'json', 'x is of another type'],
] as const)('%s: the rows are read', async (_what, sql, feature, why) => {
  using bed = new ParquetBed();
  await duckdb(`COPY (${sql}) TO '${bed.input}' (FORMAT parquet)`);
  const { files, notes } = await passed(bed.input, { x: feature });
  expect(files).toBeNull();
  expect(notes.join()).toContain(why);
});

it('a date in range, one that is always null, and none at all are handed on', async () => {
  using bed = new ParquetBed();
  for (const sql of [
    "SELECT DATE '2299-12-31' AS x",
    'SELECT NULL::DATE AS x',
    "SELECT DATE '2024-01-01' AS x LIMIT 0",
  ]) {
    await duckdb(`COPY (${sql}) TO '${bed.input}' (FORMAT parquet)`);
    const { files } = await passed(bed.input, { x: 'date' });
    expect(files, sql).not.toBeNull();
  }
});

it('a row group larger than a block is read; pieces are bounded', async () => {
  using bed = new ParquetBed();
  await duckdb(
    `COPY (SELECT i, random() AS r FROM range(1500000) t(i)) TO '${bed.input}' (FORMAT parquet, ROW_GROUP_SIZE 2000000, CODEC 'uncompressed')`,
  );
  expect((await passed(bed.input, { r: 'double' })).notes.join()).toContain('row group of 1500000 rows');
  const { files } = await passed(bed.input, { r: 'double' }, { rows: 2_000_000, bytes: PASS.bytes });
  expect(files?.[0]?.rows).toBe(1_500_000);
  expect(files?.[0]?.pieces).toBeGreaterThan(2);
});
