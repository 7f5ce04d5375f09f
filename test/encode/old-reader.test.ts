import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { Schema } from '../../src/batch/schema.ts';
import { type Cell, field } from './build-batch.ts';
import { expectColumns } from './expect-columns.ts';
import { readDuckdb, withFile } from './read-duckdb.ts';
import { metadataOf } from './read-hyparquet.ts';
import { type WriteOptions, writeParquet } from './write-parquet.ts';

interface OldReader {
  getCursor(): { next(): Promise<Record<string, unknown> | null> };
  close(): Promise<void>;
}

const { ParquetReader } = createRequire(import.meta.url)('parquetjs-lite') as {
  readonly ParquetReader: { openFile(path: string): Promise<OldReader> };
};

/** Rows as parquetjs-lite reads them; it leaves nulls out. */
async function readOld(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return withFile(bytes, async (path) => {
    const reader = await ParquetReader.openFile(path);
    const cursor = reader.getCursor();
    const rows: Record<string, unknown>[] = [];
    for (let row = await cursor.next(); row; row = await cursor.next()) rows.push(row);
    await reader.close();
    return rows;
  });
}

const encodingsOf = (bytes: Uint8Array): string[][] =>
  metadataOf(bytes).row_groups.flatMap((group) => group.columns.map((chunk) => [...chunk.meta_data!.encodings]));

/** What parquetjs-lite can represent: no decimals, uuids or zstd, and of timestamps only microseconds, which it rounds. */
const schema: Schema = {
  fields: [
    field('id', 'int64!'),
    field('small', 'int16'),
    field('x', 'double'),
    field('f', 'real'),
    field('ok', 'boolean'),
    field('s', 'string'),
    field('many', 'string'),
    field('raw', 'binary'),
    field('at', 'timestamp(us)'),
    field('day', 'date'),
    field('time', 'time(ms)'),
  ],
};

function cellsOf(rows: number): Cell[][] {
  const every = (make: (row: number) => Cell, nulls: number): Cell[] =>
    Array.from({ length: rows }, (_, row) => (nulls > 0 && row % nulls === 1 ? null : make(row)));
  return [
    every((row) => BigInt(row) * 1_000_003n, 0),
    every((row) => BigInt((row % 200) - 100), 3),
    every((row) => row / 100 + 0.5, 4),
    every((row) => row * 0.25, 5),
    every((row) => row % 3 === 0, 6),
    every((row) => `city ${(row * 31) % 700}`, 7),
    every((row) => `unlike any other ${row}`, 8),
    every((row) => new Uint8Array([row & 255, 200, 0]), 9),
    every((row) => (1_600_000_000_000n + BigInt(row)) * 1000n, 10),
    every((row) => BigInt(18_000 + (row % 365)), 11),
    every((row) => BigInt(row * 1000), 12),
  ];
}

function wantedRows(columns: readonly (readonly Cell[])[], rows: number): Record<string, unknown>[] {
  const convert = (name: string, cell: Cell): unknown => {
    if (name === 'raw') return Buffer.from(cell as Uint8Array);
    if (name === 'at') return new Date(Number(cell) / 1000);
    if (name === 'day') return new Date(Number(cell) * 86_400_000);
    return typeof cell === 'bigint' && name !== 'id' ? Number(cell) : cell;
  };
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(
      schema.fields.flatMap((one, index) => {
        const cell = columns[index]![row]!;
        return cell === null ? [] : [[one.name, convert(one.name, cell)]];
      }),
    ),
  );
}

describe.each(['snappy', 'gzip', 'none'] as const)('%s', (compression) => {
  test.each([1, 50, 6000])('parquetjs-lite reads %i compatible rows', async (rows) => {
    const columns = cellsOf(rows);
    const options: WriteOptions = {
      compression,
      encodings: 'compatible',
      batchRows: 1500,
      groupRows: 4000,
      pageBytes: 9000,
    };
    const bytes = await writeParquet(schema, columns, options);
    expect(await readOld(bytes)).toEqual(wantedRows(columns, rows));
  });
});

describe('compatible chunks', () => {
  const text = { fields: [field('s', 'string')] };
  const options: WriteOptions = { encodings: 'compatible', pageBytes: 9000, batchRows: 1000 };

  test('of few texts are all dictionary, of any numbers all plain', async () => {
    const bytes = await writeParquet(schema, cellsOf(6000), options);
    const encodings = encodingsOf(bytes);
    expect(encodings[5]).toEqual(['PLAIN_DICTIONARY', 'RLE']);
    expect(encodings[0]).toEqual(['PLAIN']);
    expect(encodings[2]).toEqual(['PLAIN', 'RLE']);
  });

  test('whose dictionary fills up late are written plain again, from the first page on', async () => {
    const cells = Array.from(
      { length: 120_000 },
      (_, row): Cell =>
        row % 17 === 0 ? null : row < 60_000 ? `word ${row % 500}` : `number ${row} ${'x'.repeat(20)}`,
    );
    const bytes = await writeParquet(text, [cells], options);
    expect(encodingsOf(bytes)).toEqual([['PLAIN', 'RLE']]);
    expect(metadataOf(bytes).row_groups[0]!.columns[0]!.meta_data!.dictionary_page_offset).toBeUndefined();
    expectColumns(text, await readDuckdb(bytes, text), [cells]);
  });

  test('with wide indices hold no runs, which parquetjs-lite would misread', async () => {
    const cells = Array.from({ length: 9000 }, (_, row): Cell => (row < 4000 ? `w${row % 1000}` : 'w700'));
    const bytes = await writeParquet(text, [cells], options);
    expect(encodingsOf(bytes)).toEqual([['PLAIN_DICTIONARY', 'RLE']]);
    expect((await readOld(bytes)).map((row) => row['s'])).toEqual(cells);
  });
});
