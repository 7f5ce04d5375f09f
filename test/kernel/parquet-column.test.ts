import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/batch/schema.ts';
import { planArena } from '../../src/encode/parquet/arena.ts';
import { readBounds, storeBounds } from '../../src/encode/parquet/bounds.ts';
import { STATE, STATUS } from '../../src/encode/parquet/column-state.ts';
import { openColumn } from '../../src/encode/parquet/open-column.ts';
import { isText } from '../../src/encode/parquet/physical-type.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { ALL_FIELDS, EDGES } from '../encode/all-types.ts';
import { buildBatch, type Cell, field } from '../encode/build-batch.ts';
import { decodeBound, extremes, type Present } from '../encode/order.ts';
import { encodePlan } from '../encode/write-parquet.ts';
import { deltaTwin, readHybrid } from './parquet-twins.ts';

/** A value's bytes as PLAIN has them. */
function plainOf(one: Field, cell: Present): Uint8Array {
  const { type } = one;
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  switch (type.kind) {
    case 'string':
    case 'json':
    case 'binary': {
      const value = cell instanceof Uint8Array ? cell : Buffer.from(String(cell), 'utf8');
      view.setUint32(0, value.byteLength, true);
      return Buffer.concat([bytes.subarray(0, 4), value]);
    }
    case 'uuid':
      return Buffer.from(String(cell).replaceAll('-', ''), 'hex');
    case 'float':
      if (type.bits === 32) view.setFloat32(0, Number(cell), true);
      else view.setFloat64(0, Number(cell), true);
      return bytes.subarray(0, type.bits / 8);
    case 'decimal': {
      if (type.precision > 18) {
        let width = 1;
        while (2n ** BigInt(8 * width - 1) <= 10n ** BigInt(type.precision) - 1n) width += 1;
        const hex = BigInt.asUintN(width * 8, cell as bigint)
          .toString(16)
          .padStart(width * 2, '0');
        return Buffer.from(hex, 'hex');
      }
      view.setBigInt64(0, cell as bigint, true);
      return bytes.subarray(0, type.precision > 9 ? 8 : 4);
    }
    default: {
      const seconds = 'unit' in type && type.unit === 's';
      view.setBigUint64(0, BigInt.asUintN(64, BigInt(cell as bigint) * (seconds ? 1000n : 1n)), true);
      const wide = type.kind === 'timestamp' || (type.kind === 'int' && type.bits === 64);
      return bytes.subarray(0, wide || (type.kind === 'time' && (type.unit === 'us' || type.unit === 'ns')) ? 8 : 4);
    }
  }
}

/** Appends the cells in steps to one page of a fresh column, and answers what the kernel made of it. */
async function onePage(one: Field, cells: readonly Cell[], step: number) {
  const plan = encodePlan({ fields: [one] });
  const kernel = await Kernel.open(8_000_000);
  const scratch = { scratch: kernel.allocate(65_536), scratchPage: kernel.allocate(2_400_000), compatible: false };
  const { physical, state } = openColumn(one, kernel, planArena(plan).columns[0]!, scratch);
  const { columns } = buildBatch(kernel, plan.schema, [cells]);
  const column = columns[0]!;
  const { exports, view, bytes } = kernel;
  const read = (at: number): number => view.getUint32(state + at, true);
  exports.parquetChunkBegin(state, 0);
  for (let from = 0; from < cells.length; from += step) {
    const to = Math.min(cells.length, from + step);
    const validity = column.nullCount > 0 ? column.validity : 0;
    expect(exports.parquetAppend(state, column.values, column.data, validity, from, to)).toBe(to);
    expect(read(STATE.status)).toBe(STATUS.done);
  }
  exports.parquetPageEnd(state);
  const start = read(STATE.outAddress);
  const page = bytes.slice(start, start + read(STATE.outLength));
  const levels = page.subarray(0, read(STATE.levelsLength));
  const bounds = readBounds(view, state, physical.kernel);
  const dictionary = read(STATE.dictionary);
  return {
    rows: read(STATE.rows),
    values: read(STATE.values),
    encoding: read(STATE.outEncoding),
    present: levels.byteLength > 4 ? readHybrid(levels.subarray(4), 1, cells.length) : cells.map(() => 1),
    body: page.subarray(levels.byteLength),
    dictionary: bytes.slice(dictionary, dictionary + read(STATE.dictionaryLength)),
    dictionaryCount: read(STATE.dictionaryCount),
    bounds: bounds && storeBounds(bounds, physical.kernel, isText(one.type)),
  };
}

const fields = ALL_FIELDS.filter((one) => one.type.kind !== 'boolean');

describe('a page of dictionary indices', () => {
  test.each(fields)('holds what went in: $name', async (one) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constantFrom(...EDGES[one.name]!), fc.constant(null)), { minLength: 1, maxLength: 900 }),
        fc.integer({ min: 1, max: 400 }),
        async (cells, step) => {
          const page = await onePage(one, cells, step);
          const present = cells.filter((cell): cell is Present => cell !== null);
          expect(page.rows).toBe(cells.length);
          expect(page.values).toBe(present.length);
          expect(page.present).toEqual(cells.map((cell) => (cell === null ? 0 : 1)));
          const wanted = extremes(one, cells);
          if (wanted === null) expect(page.bounds).toBeNull();
          else if (page.bounds?.minExact && page.bounds.maxExact && page.bounds.max) {
            expect(decodeBound(one, page.bounds.min)).toEqual(wanted.min);
            expect(decodeBound(one, page.bounds.max)).toEqual(wanted.max);
          }
          if (present.length === 0) return;
          // entries stand in the order they were first met
          const keys = present.map((cell) => Buffer.from(plainOf(one, cell)).toString('hex'));
          const entries = [...new Set(keys)];
          expect(page.encoding).toBe(8);
          expect(page.dictionaryCount).toBe(entries.length);
          expect(Buffer.from(page.dictionary).toString('hex')).toBe(entries.join(''));
          expect(readHybrid(page.body.subarray(1), page.body[0]!, present.length)).toEqual(
            keys.map((key) => entries.indexOf(key)),
          );
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('a page without a dictionary', () => {
  const distinct: [string, (row: number) => Cell][] = [
    ['double', (row) => Math.sqrt(row + 0.5) * 1e9],
    ['string', (row) => `text ${row * 7919} ${'z'.repeat(row % 50)}`],
    ['binary', (row) => Buffer.from(`${row * 7919}`.repeat(1 + (row % 5)))],
    ['decimal(25,3)', (row) => BigInt(row * 7919) ** 3n * (row % 2 === 0 ? 1n : -1n)],
    ['uuid', (row) => `${((row * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`],
  ];

  test.each(distinct)('comes of one that is given up: %s', async (spelling, make) => {
    const one = field('c', spelling);
    const cells = Array.from({ length: 6000 }, (_, row) => (row % 9 === 4 ? null : make(row)));
    const page = await onePage(one, cells, 1100);
    const present = cells.filter((cell): cell is Exclude<typeof cell, null> => cell !== null);
    const plain = present.map((cell) => plainOf(one, cell));
    const apart = spelling === 'string' || spelling === 'binary';
    expect(page.encoding).toBe(apart ? 6 : 0);
    const lengths = plain.map((value) => BigInt(value.byteLength - 4));
    const wantedBody = apart
      ? [Buffer.from(deltaTwin(lengths, 32)), ...plain.map((value) => value.subarray(4))]
      : plain;
    expect(Buffer.compare(page.body, Buffer.concat(wantedBody))).toBe(0);
    const wanted = extremes(one, cells)!;
    expect(decodeBound(one, page.bounds!.min)).toEqual(
      spelling === 'binary' ? new Uint8Array(wanted.min as Uint8Array) : wanted.min,
    );
  });

  test('holds booleans bit by bit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(true, false, null), { minLength: 1, maxLength: 700 }),
        fc.integer({ min: 1, max: 130 }),
        async (cells, step) => {
          const page = await onePage(field('b', 'boolean'), cells, step);
          const present = cells.filter((cell) => cell !== null);
          const bits = present.map((_, i) => ((page.body[i >> 3]! >> (i & 7)) & 1) === 1);
          expect(bits).toEqual(present);
          expect(page.body.byteLength).toBe(Math.ceil(present.length / 8));
        },
      ),
      { numRuns: 40 },
    );
  });
});

test('seconds that do not fit as milliseconds are refused, not wrapped', async () => {
  const one = field('t', 'timestamp');
  const plan = encodePlan({ fields: [one] });
  const kernel = await Kernel.open(8_000_000);
  const shared = { scratch: kernel.allocate(65_536), scratchPage: kernel.allocate(2_400_000), compatible: false };
  const { state } = openColumn(one, kernel, planArena(plan).columns[0]!, shared);
  const [column] = buildBatch(kernel, plan.schema, [[9_223_372_036_854_775n, 9_223_372_036_854_776n]]).columns;
  expect(kernel.exports.parquetAppend(state, column!.values, 0, 0, 0, 1)).toBe(1);
  expect(kernel.exports.parquetAppend(state, column!.values, 0, 0, 1, 2)).toBe(1);
  expect(kernel.view.getUint32(state + STATE.status, true)).toBe(STATUS.overflow);
});
