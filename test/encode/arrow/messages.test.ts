import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ARROW_END, arrowSchemaMessage } from '../../../src/encode/arrow/arrow-stream.ts';
import { arrowReserve, openArrowEncoder } from '../../../src/encode/arrow/encoder.ts';
import { Kernel } from '../../../src/kernel/kernel.ts';
import { ALL_FIELDS, EDGES } from '../all-types.ts';
import { buildBatch, type Cell, field } from '../build-batch.ts';
import { expectColumns } from '../expect-columns.ts';
import { readApache } from './read-apache.ts';
import { arrowPlan, streamOf, writeArrow, writeFragments } from './write-arrow.ts';

const schema = { fields: ALL_FIELDS };

/** `rows` cells that go through a type's edges, every `nullEvery`th one null. */
function cycle(name: string, rows: number, nullEvery: number): Cell[] {
  const edges = EDGES[name]!;
  return Array.from({ length: rows }, (_, row) =>
    nullEvery > 0 && row % nullEvery === nullEvery - 1 ? null : edges[(row * 7) % edges.length]!,
  );
}

test.each([
  [1, 0],
  [1, 1],
  [7, 3],
  [2500, 0],
  [2500, 1],
  [2500, 5],
])('apache-arrow reads %i rows of every type, every %ith null', async (rows, nullEvery) => {
  const columns = ALL_FIELDS.map((one) => cycle(one.name, rows, nullEvery));
  const read = readApache(await writeArrow(schema, columns, { fragmentRows: 999, appends: [3, 501, 1200] }), schema);
  expectColumns(schema, read.columns, columns);
  expect(read.rows).toEqual(rows <= 999 ? [rows] : [999, 999, 502]);
});

test('columns that take no nulls', async () => {
  const required = { fields: ALL_FIELDS.map((one) => ({ ...one, nullable: false })) };
  const columns = required.fields.map((one) => cycle(one.name, 100, 0));
  expectColumns(required, readApache(await writeArrow(required, columns), required).columns, columns);
});

test('three thousand columns, a row of which alone is more than a fragment may have', async () => {
  const wide = { fields: Array.from({ length: 3000 }, (_, i) => field(`c${i}`, i % 3 === 0 ? 'string' : 'int64')) };
  const columns = wide.fields.map((_, i): Cell[] => (i % 3 === 0 ? [`t${i}`, null] : [BigInt(i), null]));
  const read = readApache(await writeArrow(wide, columns, { fragmentRows: 1, bytes: 20_000, textBytes: 0 }), wide);
  expectColumns(wide, read.columns, columns);
  expect(read.rows).toEqual([1, 1]);
});

test('a stream without rows has its columns', async () => {
  const stream = streamOf(schema, []);
  expect(stream.byteLength % 8).toBe(0);
  expect(readApache(stream, schema).columns.map((column) => column.length)).toEqual(ALL_FIELDS.map(() => 0));
});

/** Cells of every field, appends and fragments of any length. */
const anything = fc.record({
  rows: fc.integer({ min: 1, max: 300 }),
  fields: fc.subarray([...ALL_FIELDS], { minLength: 1 }),
  seed: fc.integer({ min: 0, max: 1000 }),
  nulls: fc.constantFrom(0, 1, 2, 9, 100),
  appends: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 12 }).map((ends) => ends.sort((a, b) => a - b)),
  fragmentRows: fc.integer({ min: 1, max: 300 }),
});

test('any rows in any appends read back, and the same rows make the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(anything, async ({ rows, fields, seed, nulls, appends, fragmentRows }) => {
      const columns = fields.map((one, index) => {
        const edges = EDGES[one.name]!;
        return Array.from({ length: rows }, (_, row): Cell => {
          const dice = (row * 31 + seed * 17 + index * 13) % 101;
          return nulls > 0 && dice % nulls === 0 ? null : edges[dice % edges.length]!;
        });
      });
      const room = { fragmentRows, rows: 300, bytes: 500_000, textBytes: 0 };
      const bytes = await writeArrow({ fields }, columns, { ...room, appends });
      expectColumns({ fields }, readApache(bytes, { fields }).columns, columns);
      expect(bytes.equals(await writeArrow({ fields }, columns, room))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

describe('a fragment', () => {
  const two = { fields: [field('n', 'int32'), field('s', 'string!')] };
  const cells: Cell[][] = [
    [1n, null, 3n],
    ['a', 'bc', ''],
  ];

  test('says where its messages lie, and survives postMessage', async () => {
    const [fragment] = await writeFragments(two, cells);
    const { bytes, facts, rows, partition } = structuredClone(fragment!);
    expect({ rows, partition, facts }).toEqual({
      rows: 3,
      partition: null,
      facts: { format: 'arrow', rows: 3, messages: [{ offset: 0, bytes: bytes.byteLength, rows: 3 }] },
    });
    expect(bytes.byteLength % 8).toBe(0);
  });

  test('measures what it holds, and forgets it afterwards', async () => {
    const plan = arrowPlan(two);
    const kernel = await Kernel.open(arrowReserve(plan) + 1_000_000);
    using encoder = await openArrowEncoder(plan, kernel);
    const batch = buildBatch(kernel, two, cells);
    expect(encoder.finish()).toBeNull();
    const measured = encoder.measure(batch, 1, 3);
    encoder.append(batch, 1, 3);
    expect([encoder.rows, encoder.rawBytes, measured]).toEqual([2, 18, 18]);
    expect(encoder.finish()?.rawBytes).toBe(18);
    expect([encoder.rows, encoder.rawBytes]).toEqual([0, 0]);
    encoder.append(batch, 0, 1);
    const stream = Buffer.concat([arrowSchemaMessage(two), encoder.finish()!.bytes, ARROW_END]);
    expect(readApache(stream, two).columns).toEqual([[1n], ['a']]);
  });

  test('takes no more than its room: rows, texts, nulls', async () => {
    const plan = arrowPlan(two, { rows: 2, bytes: 20, textBytes: 30 });
    const kernel = await Kernel.open(arrowReserve(plan) + 1_000_000);
    using encoder = await openArrowEncoder(plan, kernel);
    const refused = { code: 'ATLAS_INTERNAL' };
    const append = (columns: Cell[][]): void => {
      encoder.append(buildBatch(kernel, two, columns), 0, columns[0]!.length);
    };
    expect(() => append(cells)).toThrow(expect.objectContaining(refused));
    append([[1n], ['x'.repeat(30)]]);
    expect(() => append([[1n], ['y']])).toThrow(expect.objectContaining(refused));
    encoder.finish();
    expect(() => append([[1n], [null]])).toThrow(expect.objectContaining(refused));
  });
});
