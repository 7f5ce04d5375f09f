import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OnLoss, ValueRange, WireForm } from '../../../src/flow/dataset-plan.ts';
import { clickhouseRange } from '../../../src/plan/clickhouse/value-ranges.ts';
import type { WireProtocol } from '../../../src/source/wire/wire-shape.ts';
import { typeOf } from '../../kernel/csv-drive.ts';
import { twinBound } from '../../kernel/csv-twin-cast.ts';
import { drive, openDecoder, planOf } from './drive.ts';
import { integer, resultOf, stamp, withLength } from './mysql-bytes.ts';
import { copyOf, int32, int64 } from './postgres-bytes.ts';
import { castMeaning } from './wire-twin.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`ranges of wire forms: seed ${seed}`);

const DAY = 86_400_000_000n;
const EPOCH = 946_684_800_000_000n;
const ENDS = ['1900-01-01', '2300-01-01', '2262-04-11'].map((day) => BigInt(Date.parse(day)) * 1000n);

/** Microseconds since 1970 near the ends of what a destination holds. */
const instants = fc.oneof(
  fc.tuple(fc.constantFrom(...ENDS), fc.bigInt({ min: -2n, max: 2n })).map(([end, step]) => end + step),
  fc.tuple(fc.constantFrom(...ENDS), fc.bigInt({ min: -2n, max: 2n })).map(([end, days]) => end + days * DAY),
  fc.constantFrom(9_223_372_036_854_775n, 9_223_372_036_854_776n, 0n),
);

function mysqlStamp(micros: bigint): Buffer {
  const date = new Date(Number((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n));
  const clock = [
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    Number(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n),
  ] as const;
  return withLength(stamp([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()], clock));
}

const day = (micros: bigint): bigint => micros - (((micros % DAY) + DAY) % DAY);
const FORMS: readonly {
  protocol: WireProtocol;
  form: WireForm['form'];
  meant: (micros: bigint) => bigint;
  bytes: (micros: bigint) => Buffer;
}[] = [
  { protocol: 'postgresql', form: 'timestamp', meant: (micros) => micros, bytes: (micros) => int64(micros - EPOCH) },
  { protocol: 'postgresql', form: 'date', meant: day, bytes: (micros) => int32(Number((day(micros) - EPOCH) / DAY)) },
  { protocol: 'mysql', form: 'timestamp', meant: (micros) => micros, bytes: mysqlStamp },
  { protocol: 'mysql', form: 'date', meant: day, bytes: (micros) => mysqlStamp(day(micros)) },
];

describe.each(FORMS)('$protocol: $form', ({ protocol, form, meant, bytes }) => {
  it.each(['date', 'timestamp', 'timestamp(ms)', 'timestamp(us)', 'timestamptz(us)', 'timestamp(ns)'])(
    'into %s: what the destination cannot hold is out of range, as the twin says',
    async (type) => {
      const range = clickhouseRange(typeOf(type)) as ValueRange;
      for (const onLoss of ['reject', 'truncate', 'round', 'null'] as const satisfies readonly OnLoss[]) {
        const wire = { form } as WireForm;
        const plan = planOf([
          { type: 'int32', wire: { form: 'int', bytes: 4, signed: true }, nullable: false },
          { type, wire, onLoss, range },
        ]);
        const decoder = await openDecoder(plan, protocol);
        fc.assert(
          fc.property(fc.array(fc.option(instants, { freq: 8 }), { maxLength: 40 }), (column) => {
            const number = (index: number) => (protocol === 'mysql' ? integer(BigInt(index), 4) : int32(index));
            const rows = column.map((cell, index) => [number(index), cell === null ? null : bytes(cell)]);
            const driven = drive(decoder, protocol === 'mysql' ? resultOf(rows, 5) : copyOf(rows), [65_536], {
              sequence: 5,
            });
            const expected = column.map((cell) => {
              if (cell === null) return { value: null };
              const cast = twinBound(
                castMeaning({ kind: 'instant', micros: meant(cell) }, typeOf(type), onLoss),
                range,
              );
              return 'problem' in cast && onLoss === 'null' ? { value: null } : cast;
            });
            expect(driven.rows).toEqual(
              expected.flatMap((cast, index) => ('value' in cast ? [[BigInt(index), cast.value]] : [])),
            );
            expect(driven.rejects.map(({ line, code }) => [line, code])).toEqual(
              expected.flatMap((cast, index) => ('problem' in cast ? [[index, `ATLAS_CAST_${cast.problem}`]] : [])),
            );
          }),
          { numRuns: 60, seed },
        );
      }
    },
  );
});

it('texts of a server are held to the range too, and a reject shows the row', async () => {
  const range = clickhouseRange(typeOf('date')) as ValueRange;
  const plan = planOf([{ type: 'date', wire: { form: 'text' }, range }]);
  const decoder = await openDecoder(plan, 'postgresql');
  const { rows, rejects } = drive(decoder, copyOf([[Buffer.from('1899-12-31')], [Buffer.from('1900-01-01')]]));
  expect(rows).toEqual([[-25_567n]]);
  expect(rejects).toMatchObject([
    {
      line: 0,
      code: 'ATLAS_CAST_RANGE',
      reason: 'outside what the destination holds of date (1900-01-01 to 2299-12-31)',
      raw: '{"c0":"1899-12-31"}',
    },
  ]);
});
