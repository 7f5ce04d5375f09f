import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OnLoss, ValueRange } from '../../../src/flow/dataset-plan.ts';
import { boundFeatures } from '../../../src/plan/bound-features.ts';
import { clickhouseRange } from '../../../src/plan/clickhouse/value-ranges.ts';
import { openParquetSource } from '../../../src/source/parquet/parquet-source.ts';
import { readSource } from '../../conformance/source/read-source.ts';
import { typeOf } from '../../kernel/csv-drive.ts';
import { duckdb, ParquetBed } from './parquet-bed.ts';
import { type Features, planOf } from './plan-of.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`ranges of Parquet columns: seed ${seed}`);

/** What a source says of a file whose destination is a ClickHouse. */
async function read(path: string, features: Features) {
  const plan = planOf(path, features);
  const bound = { ...plan, features: boundFeatures(plan.features, 'clickhouse') };
  await using source = await openParquetSource(bound, { reserve: 0, loadedAt: 1_700_000_000_000_000n, debug: true });
  return await readSource(source);
}

async function taken(sql: string, feature: string | object) {
  using bed = new ParquetBed();
  await duckdb(`COPY (SELECT unnest(${sql}) AS x) TO '${bed.input}' (FORMAT parquet)`);
  const { rows, rejects } = await read(bed.input, { x: feature });
  return { rows: rows.map(([cell]) => cell), rejects };
}

it.each([
  ["['1899-12-31', '1900-01-01', NULL, '2299-12-31', '2300-01-01']::DATE[]", 'date', '1899-12-31'],
  [
    "['1899-12-31 23:59:59.999999', '1900-01-01', NULL, '2299-12-31 23:59:59.999999', '2300-01-01']::TIMESTAMP[]",
    'timestamp(us)',
    '1899-12-31T23:59:59.999999',
  ],
  [
    "['1899-12-31 23:59:59', '1900-01-01', NULL, '2299-12-31 23:59:59.999', '2300-01-01']::TIMESTAMP_MS[]",
    'timestamptz(ms)',
    '1899-12-31T23:59:59.000',
  ],
])('%s as %s: both ends are taken, what is beyond is a reject with its raw text', async (sql, type, raw) => {
  const { rows, rejects } = await taken(sql, type);
  expect(rows.map((cell) => (cell === null ? null : String(cell).slice(0, 10)))).toEqual([
    '1900-01-01',
    null,
    '2299-12-31',
  ]);
  expect(rejects.map(({ line, code }) => [line, code])).toEqual([
    [0, 'ATLAS_CAST_RANGE'],
    [4, 'ATLAS_CAST_RANGE'],
  ]);
  expect(rejects[0]?.reason).toContain('outside what the destination holds of');
  expect(JSON.parse(rejects[0]?.raw ?? '{}').x).toContain(raw);
  const nulls = await taken(sql, { type, on_loss: 'null' });
  expect(nulls.rejects).toEqual([]);
  expect(nulls.rows.map((cell) => cell === null)).toEqual([true, false, true, false, true]);
});

it.each(['date', 'timestamp(us)', 'timestamp(ns)', 'timestamptz(ms)'])(
  '%s: whatever the values, those within are taken and no other',
  async (type) => {
    const { least, greatest } = clickhouseRange(typeOf(type)) as ValueRange;
    const per = { date: 1n, 'timestamp(us)': 1n, 'timestamp(ns)': 1000n, 'timestamptz(ms)': 1n }[type] ?? 1n;
    const near = (end: string) => fc.bigInt({ min: -3n, max: 3n }).map((step) => BigInt(end) / per + step);
    const value = fc.oneof(near(least), near(greatest), fc.constant(0n));
    const column = fc.array(fc.option(value, { freq: 6 }), { minLength: 1, maxLength: 60 });
    const sql =
      { date: "DATE '1970-01-01' + v::INT", 'timestamptz(ms)': 'epoch_ms(v)::TIMESTAMP_MS' }[type] ??
      'make_timestamp(v)';
    await fc.assert(
      fc.asyncProperty(column, fc.constantFrom<OnLoss>('reject', 'null'), async (cells, onLoss) => {
        using bed = new ParquetBed();
        const list = cells.map((cell) => (cell === null ? 'NULL' : String(cell))).join(', ');
        const query = `SELECT ${sql} AS x FROM (SELECT unnest([${list}]::BIGINT[]) AS v)`;
        await duckdb(`COPY (${query}) TO '${bed.input}' (FORMAT parquet)`);
        const { rows, rejects } = await read(bed.input, { x: { type, on_loss: onLoss } });
        const within = (cell: bigint) => cell * per >= BigInt(least) && cell * per <= BigInt(greatest);
        const bad = cells.flatMap((cell, row) => (cell === null || within(cell) ? [] : [row]));
        expect(rejects.map(({ line }) => line)).toEqual(onLoss === 'reject' ? bad : []);
        const kept = cells.filter((_cell, row) => onLoss === 'null' || !bad.includes(row));
        expect(rows.map(([cell]) => cell === null)).toEqual(kept.map((cell) => cell === null || !within(cell)));
      }),
      { numRuns: 12, seed },
    );
  },
);

it('a constant that the destination cannot hold is an error', async () => {
  using bed = new ParquetBed();
  await duckdb(`COPY (SELECT 1 AS x) TO '${bed.input}' (FORMAT parquet)`);
  await expect(read(bed.input, { x: 'int32', day: { type: 'date', value: '2300-01-01' } })).rejects.toMatchObject({
    code: 'ATLAS_META_INVALID',
    message: 'the value of feature day is outside what the destination holds of date (1900-01-01 to 2299-12-31)',
  });
  const { rows } = await read(bed.input, { x: 'int32', day: { type: 'date', value: '2299-12-31' } });
  expect(rows).toEqual([[1, '2299-12-31']]);
});
