import { readColumnIndex, readOffsetIndex } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/batch/schema.ts';
import { ALL_FIELDS, EDGES } from './all-types.ts';
import { type Cell, field } from './build-batch.ts';
import { compareCells, decodeBound, extremes, type Present } from './order.ts';
import { metadataOf } from './read-hyparquet.ts';
import { type WriteOptions, writeParquet } from './write-parquet.ts';

interface PageFacts {
  readonly rows: readonly Cell[];
  readonly isNull: boolean;
  readonly nulls: number;
  readonly min: Uint8Array;
  readonly max: Uint8Array;
}

/** The page index of a one-column file, each page with the cells it covers; null where there is no column index. */
async function indexOf(one: Field, cells: readonly Cell[], options: WriteOptions) {
  const bytes = await writeParquet({ fields: [one] }, [cells], options);
  const metadata = metadataOf(bytes);
  const reader = (offset: bigint | undefined, length: number | undefined) => ({
    view: new DataView(bytes.buffer, bytes.byteOffset + Number(offset), length),
    offset: 0,
  });
  let row = 0;
  return metadata.row_groups.map((group) => {
    const chunk = group.columns[0]!;
    const { page_locations } = readOffsetIndex(reader(chunk.offset_index_offset, chunk.offset_index_length));
    const first = row;
    row += Number(group.num_rows);
    const ends = [...page_locations.slice(1).map((page) => Number(page.first_row_index)), Number(group.num_rows)];
    const raw = { type: 'BYTE_ARRAY', name: one.name } as never;
    const index =
      chunk.column_index_offset === undefined
        ? null
        : readColumnIndex(reader(chunk.column_index_offset, chunk.column_index_length), raw, {
            stringFromBytes: (value: Uint8Array) => value as never,
          });
    const pages: PageFacts[] | null =
      index &&
      page_locations.map((page, i) => ({
        rows: cells.slice(first + Number(page.first_row_index), first + ends[i]!),
        isNull: index.null_pages[i]!,
        nulls: Number(index.null_counts![i]),
        min: index.min_values[i] as Uint8Array,
        max: index.max_values[i] as Uint8Array,
      }));
    return { chunk, locations: page_locations, order: index?.boundary_order, pages };
  });
}

function cycle(name: string, rows: number): Cell[] {
  const edges = EDGES[name]!;
  return Array.from({ length: rows }, (_, row) =>
    row % 11 === 10 || (row >= 1100 && row < 1900) ? null : edges[Math.floor(row / 130) % edges.length]!,
  );
}

/** Whether a value is kept whole as a bound. */
const short = (cell: Present): boolean => Buffer.byteLength(cell instanceof Uint8Array ? cell : String(cell)) <= 64;

const options = { pageBytes: 512, batchRows: 450, groupRows: 2500 };

describe('column index', () => {
  test.each(ALL_FIELDS)('$name: null counts and bounds of every page', async (one) => {
    const name = one.name;
    const cells = cycle(name, 4000);
    const groups = await indexOf(one, cells, options);
    expect(groups.length).toBe(2);
    for (const { pages } of groups) {
      if (pages === null) {
        expect(['double', 'real', 'binary', 'string']).toContain(name);
        continue;
      }
      for (const page of pages) {
        expect(page.nulls).toBe(page.rows.filter((cell) => cell === null).length);
        expect(page.isNull).toBe(page.nulls === page.rows.length);
        const wanted = extremes(one, page.rows);
        if (wanted === null) continue;
        const [min, max] = [decodeBound(one, page.min), decodeBound(one, page.max)];
        if (short(wanted.min)) expect(min).toEqual(wanted.min);
        if (short(wanted.max)) expect(max).toEqual(wanted.max);
        expect(compareCells(one, min, wanted.min)).toBeLessThanOrEqual(0);
        expect(compareCells(one, max, wanted.max)).toBeGreaterThanOrEqual(0);
        expect(page.max.byteLength).toBeLessThanOrEqual(68);
      }
    }
  });

  test('says how pages are ordered', async () => {
    const int = field('n', 'int64');
    const ramp = Array.from({ length: 2000 }, (_, i) => BigInt(i));
    const orders = async (cells: readonly Cell[]) => (await indexOf(int, cells, options)).map((group) => group.order);
    expect(await orders(ramp)).toEqual(['ASCENDING']);
    expect(await orders(ramp.toReversed())).toEqual(['DESCENDING']);
    expect(await orders(ramp.map((n) => (n * 7919n) % 2000n))).toEqual(['UNORDERED']);
    expect(await orders(ramp.map((n) => (n > 500n && n < 1000n ? null : n)))).toEqual(['ASCENDING']);
    const text = ramp.map((n) => `${'ä'.repeat(40)}${String(n).padStart(6, '0')}`);
    const [group] = await indexOf(field('s', 'string'), text, options);
    expect(group!.pages).not.toBeNull();
  });

  test('is left out where a page is all NaN, and where bytes are all 0xFF', async () => {
    const nan = Array.from({ length: 300 }, (_, i) => (i < 150 ? Number.NaN : i));
    expect((await indexOf(field('x', 'double'), nan, options))[0]!.pages).toBeNull();
    const full = Array.from({ length: 3 }, () => new Uint8Array(100).fill(255));
    expect((await indexOf(field('b', 'binary'), full, options))[0]!.pages).toBeNull();
  });
});

describe('offset index', () => {
  test.each(['int64', 'double', 'string', 'boolean'])('tiles the chunk: %s', async (name) => {
    const one = field(name, name);
    for (const { chunk, locations } of await indexOf(one, cycle(name, 4000), options)) {
      const meta = chunk.meta_data!;
      const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset);
      expect(Number(locations[0]!.offset)).toBe(Number(meta.data_page_offset));
      for (const [i, page] of locations.entries()) {
        const next = locations[i + 1];
        const end = next ? Number(next.offset) : start + Number(meta.total_compressed_size);
        expect(Number(page.offset) + page.compressed_page_size).toBe(end);
        if (next) expect(Number(next.first_row_index)).toBeGreaterThan(Number(page.first_row_index));
      }
    }
  });
});
