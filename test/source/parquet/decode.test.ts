import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeValues } from '../../../src/source/parquet/page/decode-values.ts';
import { decodeDelta } from '../../../src/source/parquet/page/delta.ts';
import { decodeHybrid } from '../../../src/source/parquet/page/hybrid.ts';
import type { TextValues } from '../../../src/source/parquet/page/values.ts';
import type { Leaf } from '../../../src/source/parquet/schema/schema-node.ts';
import { ParquetBed, readParquet } from './parquet-bed.ts';

/** Bits, the least significant first, of numbers of one width. */
function pack(values: readonly bigint[], width: number): Buffer {
  let bits = 0n;
  values.forEach((value, index) => {
    bits |= BigInt.asUintN(width, value) << BigInt(index * width);
  });
  const bytes = Buffer.alloc(Math.ceil((values.length * width) / 8));
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = Number((bits >> BigInt(8 * index)) & 255n);
  return bytes;
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const zigzag = (value: bigint): Buffer => varint(value < 0n ? -value * 2n - 1n : value * 2n);

const ascending = (a: bigint, b: bigint): number => Number(a > b) - Number(a < b);

/** DELTA_BINARY_PACKED as Encodings.md says it, the slow and obvious way: blocks of 128 deltas in 4 parts. */
function deltas(values: readonly bigint[], bits: 32 | 64): Buffer {
  const parts = [varint(128n), varint(4n), varint(BigInt(values.length)), zigzag(values[0] ?? 0n)];
  for (let at = 1; at < values.length; at += 128) {
    const block = values
      .slice(at, at + 128)
      .map((value, index) => BigInt.asIntN(bits, value - (values[at + index - 1] as bigint)));
    const least = block.toSorted(ascending)[0] as bigint;
    const widths: number[] = [];
    const bodies: Buffer[] = [];
    for (let part = 0; part < 4; part += 1) {
      const rests = block.slice(part * 32, part * 32 + 32).map((delta) => delta - least);
      const most = rests.toSorted(ascending).at(-1) ?? 0n;
      const width = most.toString(2).length * Number(most > 0n);
      widths.push(width);
      while (rests.length > 0 && rests.length < 32) rests.push(0n);
      if (rests.length > 0) bodies.push(pack(rests, width));
    }
    parts.push(zigzag(least), Buffer.from(widths), ...bodies);
  }
  return Buffer.concat(parts);
}

const integers = (bits: 32 | 64) =>
  fc.array(fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }), { maxLength: 400 });

it.each([32, 64] as const)('deltas of %s bits, overflowing ones too, come back', (bits) => {
  fc.assert(
    fc.property(integers(bits), (values) => {
      const bytes = deltas(values, bits);
      const out = decodeDelta(bytes, { at: 0 }, bytes.length, values.length, bits === 32 ? 4 : 8);
      const found = bits === 32 ? Array.from(new Int32Array(out.buffer), BigInt) : [...new BigInt64Array(out.buffer)];
      expect(found).toEqual(values);
    }),
  );
});

it('runs and packed integers of every width come back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 32 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 200 }),
      fc.nat(50),
      (width, raw, run) => {
        const values = raw.map((value) => (value * 2 + 1) % 2 ** width);
        const padded = [...values, ...Array.from({ length: (8 - (values.length % 8)) % 8 }, () => 0)];
        const packed = pack(padded.map(BigInt), width);
        const last = (values[0] as number) % 2 ** width;
        const bytes = Buffer.concat([
          varint(BigInt((padded.length / 8) * 2 + 1)),
          packed,
          varint(BigInt(run * 2)),
          pack([BigInt(last)], Math.ceil(width / 8) * 8),
        ]);
        const out = new Uint32Array(padded.length + run);
        decodeHybrid(bytes, 0, bytes.length, width, out);
        expect([...out]).toEqual([...padded, ...Array.from({ length: run }, () => last)]);
        expect(() => decodeHybrid(bytes, 0, bytes.length, width, new Uint32Array(out.length + 1))).toThrow('runs end');
      },
    ),
  );
});

const TEXTS = { physical: 'BYTE_ARRAY', width: 0, definitions: 0, repetitions: 0 } as Leaf;

it('texts that share their beginnings (DELTA_BYTE_ARRAY) come back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 12 }), { maxLength: 300 }),
      (texts) => {
        const raw = texts.map((text) => Buffer.from(text));
        const prefixes = raw.map((text, index) => {
          const before = raw[index - 1] ?? Buffer.alloc(0);
          let length = 0;
          while (length < text.length && length < before.length && text[length] === before[length]) length += 1;
          return length;
        });
        const suffixes = raw.map((text, index) => text.subarray(prefixes[index]));
        const bytes = Buffer.concat([
          deltas(prefixes.map(BigInt), 32),
          deltas(
            suffixes.map(({ length }) => BigInt(length)),
            32,
          ),
          ...suffixes,
        ]);
        const found = decodeValues(bytes, 0, texts.length, 7, TEXTS, null) as TextValues;
        const spans = Array.from(found.starts, (start, index) =>
          found.heap.subarray(start, start + (found.lengths[index] as number)),
        );
        expect(spans.map((span) => Buffer.from(span).toString())).toEqual(texts);
      },
    ),
  );
});

it('what stands nowhere is refused, not made up', () => {
  const dictionary = { kind: 'fixed', width: 4, count: 2, bytes: new Uint8Array(8) } as const;
  const numbers = { ...TEXTS, physical: 'INT32', width: 4 } as Leaf;
  expect(() => decodeValues(Buffer.from([2, 8, 2]), 0, 4, 8, numbers, dictionary)).toThrow(
    'number 2 of a dictionary of 2',
  );
  expect(() => decodeValues(Buffer.from([1, 8]), 0, 4, 8, numbers, dictionary)).toThrow('ends before its value');
  expect(() => decodeValues(Buffer.from([1, 2, 3]), 0, 1, 0, numbers, null)).toThrow('4 bytes of values are needed');
  expect(() => decodeValues(Buffer.from([5, 0, 0, 0, 65]), 0, 1, 0, TEXTS, null)).toThrow('5 bytes long');
  expect(() => decodeValues(Buffer.from([0]), 0, 1, 4, TEXTS, null)).toThrow('encoding 4');
});

interface Writer {
  appendRow(row: object): Promise<void>;
  close(): Promise<void>;
  setRowGroupSize(rows: number): void;
}

it.each([false, true])('files of parquetjs-lite, pages of version 2: %s', async (useDataPageV2) => {
  using bed = new ParquetBed();
  const { ParquetSchema, ParquetWriter } = createRequire(import.meta.url)('parquetjs-lite') as {
    ParquetSchema: new (fields: object) => object;
    ParquetWriter: { openFile(schema: object, path: string, options: object): Promise<Writer> };
  };
  const schema = new ParquetSchema({
    id: { type: 'INT64', compression: 'SNAPPY' },
    name: { type: 'UTF8', optional: true, compression: 'GZIP' },
    flag: { type: 'BOOLEAN' },
    small: { type: 'UINT_8', optional: true },
    tags: { type: 'UTF8', repeated: true },
    inner: { optional: true, fields: { a: { type: 'DOUBLE' }, b: { type: 'INT32', repeated: true } } },
  });
  const writer = await ParquetWriter.openFile(schema, bed.input, { useDataPageV2 });
  writer.setRowGroupSize(300);
  const rows = Array.from({ length: 1000 }, (_, i) => ({
    id: i * 1000,
    ...(i % 3 === 0 ? {} : { name: `name ${i}` }),
    flag: i % 7 < 3,
    ...(i % 5 === 0 ? {} : { small: i % 256 }),
    tags: Array.from({ length: i % 4 }, (_, j) => `t${j}`),
    ...(i % 2 === 0 ? {} : { inner: { a: i / 2, b: [i, i + 1] } }),
  }));
  for (const row of rows) await writer.appendRow(row);
  await writer.close();
  const types = { id: 'bigint', name: 'string', flag: 'boolean', small: 'uint8', tags: 'json', inner: 'json' };
  const reading = await readParquet(bed.input, types);
  expect(reading.rejects).toEqual([]);
  expect(reading.rows).toEqual(
    rows.map(({ id, name, flag, small, tags, inner }) => [
      id,
      name ?? null,
      flag,
      small ?? null,
      JSON.stringify(tags),
      inner === undefined ? null : JSON.stringify(inner),
    ]),
  );
});

it('booleans in runs come back', () => {
  const flags = { ...TEXTS, physical: 'BOOLEAN', width: 1 } as Leaf;
  const bytes = Buffer.from([4, 0, 0, 0, 10, 1, 3, 0b0110]);
  expect(decodeValues(bytes, 0, 9, 3, flags, null)).toMatchObject({
    bytes: Uint8Array.from([1, 1, 1, 1, 1, 0, 1, 1, 0]),
  });
});
