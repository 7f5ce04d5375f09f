import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/batch/schema.ts';
import { ALL_FIELDS, EDGES } from './all-types.ts';
import { type Cell, field } from './build-batch.ts';
import { expectColumns } from './expect-columns.ts';
import { queryClickhouse } from './read-clickhouse.ts';
import { metadataOf } from './read-hyparquet.ts';
import { writeParquet } from './write-parquet.ts';

const UNIT = { s: 'Milli', ms: 'Milli', us: 'Micro', ns: 'Nano' } as const;

/** Days and seconds between which ClickHouse's Date32 and DateTime64 can tell dates (1900 to 2262). */
const inRange = (one: Field, cell: Cell): boolean => {
  const { type } = one;
  if (type.kind === 'date') return BigInt(cell as bigint) > -25_567n && BigInt(cell as bigint) < 106_000n;
  if (type.kind !== 'timestamp') return true;
  const second = { s: 1n, ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n }[type.unit];
  return BigInt(cell as bigint) > -2_208_988_800n * second && BigInt(cell as bigint) < 9_000_000_000n * second;
};

function expression(one: Field): string {
  const name = `\`${one.name}\``;
  switch (one.type.kind) {
    case 'timestamp':
      return `toUnixTimestamp64${UNIT[one.type.unit]}(${name})`;
    case 'date':
      return `toInt32(${name})`;
    case 'binary':
      return `hex(${name})`;
    case 'uuid':
      return `lower(hex(reinterpret(${name}, 'FixedString(16)')))`;
    default:
      return name;
  }
}

function cellOf(one: Field, text: string | null): Cell {
  if (text === null) return null;
  const { type } = one;
  switch (type.kind) {
    case 'int':
    case 'date':
      return BigInt(text);
    case 'timestamp':
      return type.unit === 's' ? BigInt(text) / 1000n : BigInt(text);
    case 'float':
      if (text === 'nan') return Number.NaN;
      if (text.endsWith('inf')) return text.startsWith('-') ? -Infinity : Infinity;
      return type.bits === 32 ? Math.fround(Number(text)) : Number(text);
    case 'decimal': {
      const [whole, fraction = ''] = text.split('.');
      return BigInt(`${whole}${fraction.padEnd(type.scale, '0')}`);
    }
    case 'boolean':
      return text === 'true';
    case 'binary':
      return new Uint8Array(Buffer.from(text, 'hex'));
    default:
      return text;
  }
}

/** ClickHouse has no type for times of day here, and reads uuids in a byte order of its own. */
const fields = ALL_FIELDS.filter((one) => one.type.kind !== 'time' && one.type.kind !== 'uuid');

describe.each(['snappy', 'gzip', 'zstd', 'none'] as const)('%s', (compression) => {
  test.each([0, 4])('ClickHouse reads every type, every %ith cell null', async (nullEvery) => {
    const columns = fields.map((one) => {
      const edges = EDGES[one.name]!.filter((cell) => inRange(one, cell));
      return Array.from({ length: 700 }, (_, row): Cell => {
        if (nullEvery > 0 && row % nullEvery === 1) return null;
        return edges[(row * 7) % edges.length]!;
      });
    });
    const bytes = await writeParquet({ fields }, columns, { compression, pageBytes: 2000, groupRows: 400 });
    const rows = await queryClickhouse(
      bytes,
      `select ${fields.map((one, i) => `${expression(one)} as c${i}`).join(', ')} from $file`,
    );
    const read = fields.map((one, i) => rows.map((row) => cellOf(one, row[`c${i}`] ?? null)));
    expectColumns({ fields }, read, columns);
  });
});

test('ClickHouse sees the types', async () => {
  const columns = ALL_FIELDS.map((one): Cell[] => [EDGES[one.name]![0]!]);
  const bytes = await writeParquet({ fields: ALL_FIELDS }, columns);
  const rows = await queryClickhouse(bytes, 'describe table $file');
  const types = Object.fromEntries(rows.map((row) => [row['name'], row['type']]));
  expect(types).toMatchObject({
    int64: 'Nullable(Int64)',
    uint8: 'Nullable(UInt8)',
    'decimal(38,10)': 'Nullable(Decimal(38, 10))',
    date: 'Nullable(Date32)',
    string: 'Nullable(String)',
    double: 'Nullable(Float64)',
    boolean: 'Nullable(Bool)',
    timestamp: "Nullable(DateTime64(3, 'UTC'))",
    timestamptz: "Nullable(DateTime64(6, 'UTC'))",
  });
});

test('ClickHouse reads columns without a dictionary', async () => {
  const plain = { fields: [field('n', 'int64!'), field('d', 'date'), field('s', 'string'), field('x', 'double!')] };
  const rows = 20_000;
  const every = (make: (row: number) => Cell, nulls = 0): Cell[] =>
    Array.from({ length: rows }, (_, row) => (nulls > 0 && row % nulls === 3 ? null : make(row)));
  const columns = [
    every((row) => BigInt(row) ** 3n),
    every((row) => BigInt(row * 2 - (row % 2)), 9),
    every((row) => `${'é'.repeat(row % 40)}${row}`, 10),
    every((row) => Math.sqrt(row)),
  ];
  const bytes = await writeParquet(plain, columns, { batchRows: 3000, pageBytes: 60_000 });
  expect(metadataOf(bytes).row_groups[0]!.columns.map(({ meta_data }) => meta_data!.encodings.join())).toEqual([
    'DELTA_BINARY_PACKED',
    'RLE,DELTA_BINARY_PACKED',
    'RLE,DELTA_LENGTH_BYTE_ARRAY',
    'PLAIN',
  ]);
  const read = await queryClickhouse(bytes, 'select n, toInt32(d) as d, s, x from $file');
  const cells = plain.fields.map((one) => read.map((row) => cellOf(one, row[one.name] ?? null)));
  expectColumns(plain, cells, columns);
});
