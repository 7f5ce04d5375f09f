import { Readable } from 'node:stream';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { expect, it } from 'vitest';
import type { Field } from '../../../../src/batch/schema.ts';
import { clickhouseType } from '../../../../src/plan/clickhouse/column-type.ts';
import { judgeColumn } from '../../../../src/sink/clickhouse/columns/judge-column.ts';
import { writeArrow } from '../../../encode/arrow/write-arrow.ts';
import { type Cell, field } from '../../../encode/build-batch.ts';
import { describeWithClickhouse } from '../../../services/clickhouse/describe-with-clickhouse.ts';
import { makeClickhouseDatabase } from '../../../services/clickhouse/make-clickhouse-database.ts';

const int = (bits: number, signed: boolean): Cell[] => {
  const top = 1n << BigInt(signed ? bits - 1 : bits);
  return [0n, 1n, top - 1n, signed ? -top : top / 2n, null];
};
const TEXTS: Cell[] = ['', '1', 'a\0b', '😀', "it's\\n", '\n\t', 'null', '\\N', null];

/** Values at the ends of what each type holds at a ClickHouse. */
const EDGES: Readonly<Record<string, readonly Cell[]>> = {
  int8: int(8, true),
  int16: int(16, true),
  int32: int(32, true),
  int64: int(64, true),
  uint8: int(8, false),
  uint16: int(16, false),
  uint32: int(32, false),
  uint64: int(64, false),
  double: [0, -0, 0.1, Number.MAX_VALUE, Number.MIN_VALUE, Number.NaN, -Infinity, null],
  real: [0, -0, Math.fround(0.1), 3.4028234663852886e38, 1.401298464324817e-45, Number.NaN, Infinity, null],
  'decimal(9,2)': [0n, 1n, -1n, 999999999n, -999999999n, null],
  'decimal(18,6)': [0n, 123456n, 999999999999999999n, -999999999999999999n, null],
  'decimal(38,10)': [0n, 10n ** 38n - 1n, 1n - 10n ** 38n, null],
  boolean: [true, false, null],
  string: TEXTS,
  json: ['{"b": 1, "a": 12345678901234567890, "b": 2}', '[]', null],
  binary: [new Uint8Array([0, 255, 1]), new Uint8Array(0), null],
  uuid: ['61f0c404-5cb3-11e7-907b-a6006ad3dba0', '00000000-0000-0000-0000-000000000000', null],
  date: [-25567n, 0n, 65535n, 65536n, 120528n, null],
  'time(s)': [0n, 86399n, null],
  'time(ms)': [0n, 86399999n, null],
  'time(us)': [1n, 86399999999n, null],
  'time(ns)': [1n, 86399999999999n, null],
  'timestamp(s)': [-2208988800n, -1n, 0n, 4294967295n, 4294967296n, 9223372036n, 10413791999n, null],
  'timestamp(ms)': [-2208988800000n, -1n, 1700000000123n, 10413791999999n, null],
  'timestamp(us)': [-2208988800000000n, -1n, 1700000000123456n, 9223372036854775n, null],
  'timestamptz(us)': [-2208988800000000n, -1n, 1700000000123456n, 9223372036854775n, null],
  'timestamp(ns)': [-2208988800000000000n, -1n, 1700000000123456789n, 9223372036854775807n, null],
};

/** Columns as people have them. */
const PLAIN = [
  ...[8, 16, 32, 64, 128, 256].flatMap((bits) => [`Int${bits}`, `UInt${bits}`]),
  ...[
    'Float32',
    'Float64',
    'BFloat16',
    'Bool',
    'String',
    'FixedString(16)',
    "Enum8('a' = 1, 'b, (c' = 2)",
    'UUID',
    'IPv4',
  ],
  ...[
    'Decimal(9, 2)',
    'Decimal(5, 2)',
    'Decimal(9, 1)',
    'Decimal(18, 4)',
    'Decimal(20, 0)',
    'Decimal(38, 10)',
    'Decimal(60, 20)',
  ],
  ...[
    'Date',
    'Date32',
    'DateTime',
    "DateTime('UTC')",
    "DateTime('Asia/Tokyo')",
    'DateTime64(3)',
    "DateTime64(0, 'UTC')",
  ],
  ...["DateTime64(3, 'UTC')", "DateTime64(6, 'UTC')", "DateTime64(9, 'UTC')", "DateTime64(6, 'Europe/Berlin')"],
  ...[
    'Time',
    'Time64(0)',
    'Time64(3)',
    'Time64(6)',
    'Time64(9)',
    'Array(String)',
    'Map(String, String)',
    'Tuple(a Int64)',
  ],
];
const COLUMNS = [
  ...PLAIN,
  ...PLAIN.filter((type) => !/^(Array|Map|Tuple)/.test(type)).map((type) => `Nullable(${type})`),
  ...['LowCardinality(String)', 'LowCardinality(Nullable(String))', 'SimpleAggregateFunction(max, Int64)'],
  ...['SimpleAggregateFunction(anyLast, Nullable(String))', 'JSON', 'Variant(Int64, String)', 'Dynamic'],
];

const inside = (cell: Cell, range: { least: string; greatest: string } | undefined): boolean =>
  range === undefined ||
  cell === null ||
  ((cell as bigint) >= BigInt(range.least) && (cell as bigint) <= BigInt(range.greatest));

/** Columns that a feature's values may go into, by the range (as JSON) that they must keep to. */
function fitting(feature: Field): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const type of COLUMNS) {
    const fit = judgeColumn(feature, type, 'UTC');
    if (fit.fit !== 'same' && fit.fit !== 'fits') continue;
    const range = fit.fit === 'fits' && fit.range ? JSON.stringify(fit.range) : '';
    groups.set(range, [...(groups.get(range) ?? []), type]);
  }
  return groups;
}

/** An expression that is the same text for the same value, whatever it rests in. */
function textOf(column: string, type: string): string {
  if (!type.startsWith('Time64')) return `toString(CAST(${column} AS Nullable(${type})))`;
  return `toString(CAST(toString(${column}) AS Nullable(${type})))`;
}

describeWithClickhouse('columns that are said to fit', (clickhouse) => {
  it('hold every value, at the ends of their range too, and NULL', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    const { url, user: username, password } = clickhouse();
    const client = createClient({
      url,
      username,
      password,
      database: database.name,
      log: { level: ClickHouseLogLevel.OFF },
    });
    let pairs = 0;
    for (const [spelled, edges] of Object.entries(EDGES)) {
      for (const nullable of [true, false]) {
        const feature = field('own', nullable ? spelled : `${spelled}!`);
        const own = clickhouseType(feature);
        const plain = clickhouseType({ ...feature, nullable: false });
        expect(judgeColumn(feature, own, 'UTC')).toEqual({ fit: 'same' });
        for (const [range, types] of fitting(feature)) {
          const bounds = range === '' ? undefined : JSON.parse(range);
          const cells = edges.filter((cell) => (nullable || cell !== null) && inside(cell, bounds));
          const columns = types.map((type, at) => ({ type, field: { ...feature, name: `c${at}` } }));
          const made = columns.map(({ type, field: { name } }) => `${name} ${type}`);
          await database.query(
            `CREATE OR REPLACE TABLE t (n Int32, ${[...made, `own ${own}`].join(', ')}) ENGINE = MergeTree ORDER BY n`,
          );
          const schema = { fields: [field('n', 'int32!'), ...columns.map((each) => each.field), feature] };
          const values = [cells.map((_, at) => BigInt(at)), ...columns.map(() => cells), cells];
          const { stream } = await client.exec({
            query: `INSERT INTO t (${schema.fields.map(({ name }) => name).join(', ')}) FORMAT ArrowStream`,
            values: Readable.from([await writeArrow(schema, values)], { objectMode: false }),
            clickhouse_settings: { input_format_null_as_default: 0, async_insert: 0 },
          });
          stream.destroy();
          const shown = columns.map(({ field: { name } }) => `${textOf(name, plain)} AS ${name}_`);
          const rows = await database.query(
            `SELECT ${[...shown, 'toString(own) AS own_'].join(', ')} FROM t ORDER BY n`,
          );
          expect(rows.length, spelled).toBe(cells.length);
          for (const {
            type,
            field: { name },
          } of columns) {
            const label = `${spelled} in ${type}`;
            expect(
              rows.map((row) => row[`${name}_`]),
              label,
            ).toEqual(rows.map((row) => row['own_']));
            pairs += 1;
          }
        }
      }
    }
    await client.close();
    expect(pairs).toBeGreaterThan(150);
  });
});
