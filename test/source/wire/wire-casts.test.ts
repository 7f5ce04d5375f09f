import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OnLoss, WireForm } from '../../../src/flow/dataset-plan.ts';
import type { WireProtocol } from '../../../src/source/wire/wire-shape.ts';
import { typeOf } from '../../kernel/csv-drive.ts';
import { drive, openDecoder, planOf } from './drive.ts';
import { integer, resultOf, stamp, time, withLength } from './mysql-bytes.ts';
import { copyOf, float32, float64, int32, int64, numeric } from './postgres-bytes.ts';
import { castMeaning, type Meaning } from './wire-twin.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`casts of wire forms: seed ${seed}`);

interface Cell {
  readonly bytes: Buffer;
  readonly meaning: Meaning;
}
interface Case {
  readonly name: string;
  readonly protocol: WireProtocol;
  readonly wire: WireForm;
  readonly types: readonly string[];
  readonly cells: fc.Arbitrary<Cell>;
}

const INTS = ['tinyint', 'uint8', 'smallint', 'uint16', 'int32', 'uint32', 'int64', 'uint64'];
const DECIMALS = ['decimal(4,0)', 'decimal(9,2)', 'decimal(18,6)', 'decimal(18,18)', 'decimal(20,0)', 'decimal(38,10)'];
const STAMPS = ['timestamp', 'timestamp(ms)', 'timestamp(us)', 'timestamptz(us)', 'timestamp(ns)', 'date'];
const EPOCH = 946_684_800_000_000n;
const DAY = 86_400_000_000n;

/** Integers of so many bits, near to where types end as often as anywhere. */
function integers(bits: number, signed: boolean): fc.Arbitrary<bigint> {
  const least = signed ? -(1n << BigInt(bits - 1)) : 0n;
  const most = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  const edges = [0n, 7n, 8n, 15n, 16n, 24n, 31n, 32n, 53n, 63n, 64n].flatMap((power) => [1n << power, -(1n << power)]);
  const tens = [4n, 9n, 12n, 18n, 19n].flatMap((power) => [10n ** power, -(10n ** power)]);
  const near = fc
    .tuple(fc.constantFrom(...edges, ...tens), fc.bigInt({ min: -2n, max: 2n }))
    .map(([edge, step]) => edge + step)
    .filter((value) => value >= least && value <= most);
  return fc.oneof(fc.bigInt({ min: least, max: most }), near, fc.constantFrom(0n, 1n));
}

function intCase(protocol: WireProtocol, bytes: 1 | 2 | 4 | 8, signed: boolean): Case {
  return {
    name: `${signed ? 'int' : 'uint'}${bytes * 8}`,
    protocol,
    wire: { form: 'int', bytes, signed },
    types: [...INTS, ...DECIMALS, 'double', 'real', 'boolean'],
    cells: integers(bytes * 8, signed).map((value) => ({
      bytes: protocol === 'mysql' ? integer(value, bytes) : Buffer.from(integer(value, bytes)).reverse(),
      meaning: { kind: 'number', digits: value, scale: 0, exact: true },
    })),
  };
}

const doubles = fc.oneof(
  fc.double(),
  fc.float().map(Number),
  fc.constantFrom(3.4028235677973366e38, 1e39, -1e39, -0, 1e-46),
);

function floatCase(protocol: WireProtocol, bytes: 4 | 8): Case {
  const values = bytes === 8 ? doubles : doubles.map(Math.fround);
  return {
    name: `float${bytes * 8}`,
    protocol,
    wire: { form: 'float', bytes },
    types: ['double', 'real'],
    cells: values.map((value) => {
      const big = bytes === 8 ? float64(value) : float32(value);
      return { bytes: protocol === 'mysql' ? big.reverse() : big, meaning: { kind: 'float', value } };
    }),
  };
}

const numerics: fc.Arbitrary<Cell> = fc
  .oneof(
    { weight: 1, arbitrary: fc.constantFrom('NaN', 'Infinity', '-Infinity') },
    {
      weight: 12,
      arbitrary: fc
        .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.nat(44), fc.nat(24), fc.nat(12))
        .map(([negative, digits, keep, scale, zeroes]) => {
          const text = `${digits % 10n ** BigInt(keep)}${'0'.repeat(zeroes)}`.padStart(scale + 1, '0');
          const point = text.length - scale;
          return `${negative ? '-' : ''}${text.slice(0, point)}${scale > 0 ? '.' : ''}${text.slice(point)}`;
        }),
    },
  )
  .map((text) => {
    const named = { NaN: 'nan', Infinity: 'infinite', '-Infinity': '-infinite' }[text] as 'nan' | undefined;
    const fraction = text.split('.')[1] ?? '';
    return {
      bytes: numeric(text),
      meaning: named
        ? { kind: named }
        : { kind: 'number', digits: BigInt(text.replace('.', '')), scale: fraction.length, exact: false },
    };
  });

/** Microseconds since 2000, some on whole seconds and days, some where 64 bits end. */
const micros = fc.oneof(
  fc.bigInt({ min: -211_813_488_000_000_000n, max: 9_223_371_331_199_999_999n }),
  fc.bigInt({ min: -1n << 50n, max: 1n << 50n }),
  fc.bigInt({ min: -200_000n, max: 200_000n }).map((days) => days * DAY),
  fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }).map((seconds) => seconds * 1_000_000n),
  fc.constantFrom(
    (1n << 63n) - 1n - EPOCH,
    (1n << 63n) - EPOCH,
    9_223_372_036_854_775n - EPOCH,
    9_223_372_036_854_776n - EPOCH,
  ),
  fc.constantFrom(-9_223_372_036_854_775n - EPOCH, -9_223_372_036_854_776n - EPOCH),
);

const dates: fc.Arbitrary<readonly [number, number, number]> = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()] as const);
const clocks = fc.oneof(
  fc.bigInt({ min: 0n, max: DAY - 1n }),
  fc.bigInt({ min: 0n, max: 86_399n }).map((seconds) => seconds * 1_000_000n),
  fc.constantFrom(0n, DAY - 1n),
);
const NO_DATES = [stamp([0, 0, 0]), Buffer.alloc(4), stamp([2024, 0, 10]), stamp([2024, 5, 0]), stamp([2023, 2, 29])];

function daysOf([year, month, day]: readonly [number, number, number]): bigint {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return BigInt(date.getTime() / 86_400_000);
}

const mysqlStamps: fc.Arbitrary<Cell> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(dates, fc.oneof(clocks, fc.constant(0n))).map(([date, clock]) => {
      const seconds = Number(clock / 1_000_000n);
      const parts = [
        Math.floor(seconds / 3600),
        Math.floor(seconds / 60) % 60,
        seconds % 60,
        Number(clock % 1_000_000n),
      ] as const;
      return {
        bytes: withLength(stamp(date, parts)),
        meaning: { kind: 'instant', micros: daysOf(date) * DAY + clock },
      } as Cell;
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...NO_DATES)
      .map((bytes): Cell => ({ bytes: withLength(bytes), meaning: { kind: 'never' } })),
  },
);

function bitsCell(protocol: WireProtocol): fc.Arbitrary<Cell> {
  return fc
    .tuple(fc.integer({ min: 1, max: 64 }), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))
    .map(([count, all]) => {
      const value = BigInt.asUintN(count, all);
      const bytes = (count + 7) >> 3;
      const shifted = protocol === 'mysql' ? value : value << BigInt(bytes * 8 - count);
      const data = Buffer.from(shifted.toString(16).padStart(bytes * 2, '0'), 'hex');
      const sent = protocol === 'mysql' ? withLength(data) : Buffer.concat([int32(count), data]);
      return { bytes: sent, meaning: { kind: 'number', digits: value, scale: 0, exact: true } };
    });
}

const infinite: Cell['meaning'] = { kind: 'infinite' };
const CASES: readonly Case[] = [
  ...([1, 2, 4, 8] as const).map((bytes) => intCase('postgresql', bytes, true)),
  ...([1, 2, 4, 8] as const).flatMap((bytes) => [intCase('mysql', bytes, true), intCase('mysql', bytes, false)]),
  ...(['postgresql', 'mysql'] as const).flatMap((protocol) => [floatCase(protocol, 4), floatCase(protocol, 8)]),
  {
    name: 'numeric',
    protocol: 'postgresql',
    wire: { form: 'numeric' },
    types: [...INTS, ...DECIMALS, 'double', 'real'],
    cells: numerics,
  },
  {
    name: 'timestamp',
    protocol: 'postgresql',
    wire: { form: 'timestamp' },
    types: STAMPS,
    cells: fc.oneof(
      {
        weight: 12,
        arbitrary: micros.map(
          (value): Cell => ({ bytes: int64(value), meaning: { kind: 'instant', micros: value + EPOCH } }),
        ),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom((1n << 63n) - 1n, -(1n << 63n))
          .map((value): Cell => ({ bytes: int64(value), meaning: infinite })),
      },
    ),
  },
  {
    name: 'date',
    protocol: 'postgresql',
    wire: { form: 'date' },
    types: STAMPS,
    cells: fc.oneof(
      {
        weight: 12,
        arbitrary: fc
          .oneof(
            fc.integer({ min: -2_451_545, max: 2_145_031_948 }),
            fc.integer({ min: -120_000, max: 120_000 }),
            fc.constantFrom(106_741_034, 106_741_035, -106_762_948, -106_762_949),
          )
          .map(
            (days): Cell => ({
              bytes: int32(days),
              meaning: { kind: 'instant', micros: (BigInt(days) + 10_957n) * DAY },
            }),
          ),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(0x7fff_ffff, -0x8000_0000)
          .map((days): Cell => ({ bytes: int32(days), meaning: infinite })),
      },
    ),
  },
  {
    name: 'time',
    protocol: 'postgresql',
    wire: { form: 'time' },
    types: ['time(s)', 'time(ms)', 'time(us)', 'time(ns)'],
    cells: fc.oneof(
      {
        weight: 12,
        arbitrary: clocks.map((value): Cell => ({ bytes: int64(value), meaning: { kind: 'clock', micros: value } })),
      },
      { weight: 1, arbitrary: fc.constant<Cell>({ bytes: int64(DAY), meaning: { kind: 'never' } }) },
    ),
  },
  {
    name: 'time',
    protocol: 'mysql',
    wire: { form: 'time' },
    types: ['time(s)', 'time(ms)', 'time(us)', 'time(ns)'],
    cells: fc.oneof(clocks, fc.bigInt({ min: -3_020_399_000_000n, max: 3_020_399_000_000n })).map((value) => ({
      bytes: withLength(time(value)),
      meaning: { kind: 'clock', micros: value },
    })),
  },
  { name: 'datetime', protocol: 'mysql', wire: { form: 'timestamp' }, types: STAMPS, cells: mysqlStamps },
  {
    name: 'date',
    protocol: 'mysql',
    wire: { form: 'date' },
    types: STAMPS,
    cells: fc.oneof(
      {
        weight: 8,
        arbitrary: dates.map(
          (date): Cell => ({
            bytes: withLength(stamp(date)),
            meaning: { kind: 'instant', micros: daysOf(date) * DAY },
          }),
        ),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(...NO_DATES)
          .map((bytes): Cell => ({ bytes: withLength(bytes), meaning: { kind: 'never' } })),
      },
    ),
  },
  {
    name: 'bits',
    protocol: 'postgresql',
    wire: { form: 'bits' },
    types: [...INTS, 'boolean', 'decimal(20,0)'],
    cells: bitsCell('postgresql'),
  },
  {
    name: 'bits',
    protocol: 'mysql',
    wire: { form: 'bits' },
    types: [...INTS, 'boolean', 'decimal(20,0)'],
    cells: bitsCell('mysql'),
  },
  {
    name: 'bool',
    protocol: 'postgresql',
    wire: { form: 'bool' },
    types: ['boolean'],
    cells: fc.boolean().map((value) => ({ bytes: Buffer.from([Number(value)]), meaning: { kind: 'boolean', value } })),
  },
  {
    name: 'uuid',
    protocol: 'postgresql',
    wire: { form: 'uuid' },
    types: ['uuid'],
    cells: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => ({
      bytes: Buffer.from(bytes),
      meaning: { kind: 'bytes', hex: Buffer.from(bytes).toString('hex') },
    })),
  },
];

describe.each(CASES)('$protocol: $name', ({ protocol, wire, types, cells }) => {
  it.each(types)('becomes %s as its twin says', { timeout: 300_000 }, async (type) => {
    for (const onLoss of ['reject', 'truncate', 'round', 'null'] as const satisfies readonly OnLoss[]) {
      const plan = planOf([
        { type: 'int32', wire: { form: 'int', bytes: 4, signed: true }, nullable: false },
        { type, wire, onLoss },
      ]);
      const decoder = await openDecoder(plan, protocol);
      fc.assert(
        fc.property(
          fc.array(fc.oneof({ weight: 8, arbitrary: cells }, { weight: 1, arbitrary: fc.constant(null) }), {
            maxLength: 40,
          }),
          (column) => {
            const number = (index: number): Buffer => (protocol === 'mysql' ? integer(BigInt(index), 4) : int32(index));
            const rows = column.map((cell, index) => [number(index), cell === null ? null : cell.bytes]);
            const driven = drive(decoder, protocol === 'mysql' ? resultOf(rows, 5) : copyOf(rows), [65_536], {
              sequence: 5,
            });
            const values = new Map(driven.rows.map(([index, value]) => [Number(index), String(value)]));
            for (const { line, code } of driven.rejects) values.set(line, code);
            const actual = column.map((_cell, index) => values.get(index));
            expect(actual).toEqual(
              column.map((cell) => (cell === null ? 'null' : expected(cell.meaning, type, onLoss))),
            );
          },
        ),
        { seed, numRuns: 12 },
      );
    }
  });
});

function expected(meaning: Meaning, type: string, onLoss: OnLoss): string {
  const cast = castMeaning(meaning, typeOf(type), onLoss);
  if ('value' in cast) return String(cast.value);
  const lost = (cast.problem === 'LOSS' || cast.problem === 'RANGE') && onLoss === 'null';
  return lost ? 'null' : `ATLAS_CAST_${cast.problem}`;
}
