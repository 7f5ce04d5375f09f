import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { OnLoss, ValueRange } from '../../src/flow/dataset-plan.ts';
import { clickhouseRange } from '../../src/plan/clickhouse/value-ranges.ts';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { type Driver, fieldOf, openParser, planOf, typeOf } from './csv-drive.ts';
import { twinParse } from './csv-twin.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`ranges of CSV columns: seed ${seed}`);

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

const rangeOf = (type: string): ValueRange => clickhouseRange(typeOf(type)) as ValueRange;
const ranged = (position: number, type: string, more: Parameters<typeof fieldOf>[2] = {}) =>
  fieldOf(position, type, { range: rangeOf(type), ...more });

function compare(text: string, plan: ParserPlan): void {
  const input = Buffer.from(text);
  const spans = twinParse(input, plan);
  for (const cuts of [[input.length + 1], [7, 50]]) {
    const { rows, rejects } = driver.run(input, plan, cuts);
    expect(rejects).toEqual(spans.filter(({ kind }) => kind === 'reject'));
    expect(rows).toEqual(spans.flatMap((span) => (span.kind === 'row' ? [span.values] : [])));
  }
}

it.each([
  ['date', '1899-12-31', '1900-01-01', '2299-12-31', '2300-01-01'],
  ['timestamp', '1899-12-31 23:59:59', '1900-01-01 00:00:00', '2299-12-31 23:59:59', '2300-01-01 00:00:00'],
  ['timestamp(us)', '1899-12-31T23:59:59.999999', '1900-01-01', '2299-12-31T23:59:59.999999', '2300-01-01'],
  [
    'timestamptz(ms)',
    '1900-01-01 00:59:59.999+01',
    '1900-01-01 01:00:00+01',
    '2299-12-31 22:59:59.999-01:00',
    '2299-12-31 23:00-01',
  ],
  [
    'timestamp(ns)',
    '1899-12-31 23:59:59.999999999',
    '1900-01-01',
    '2262-04-11 23:47:16.854775807',
    '2262-04-11 23:47:16.854775808',
  ],
])('%s: both ends are within, the next value is not', (type, before, least, greatest, after) => {
  const plan = planOf({ width: 2, fields: [ranged(0, type), fieldOf(1, 'int')] });
  const { rows, rejects, reasons } = driver.run(
    Buffer.from(`${[before, least, greatest, after].map((each, i) => `${each},${i}\n`).join('')}`),
    plan,
  );
  expect(rows.map(([, number]) => number)).toEqual([1n, 2n]);
  expect(rows.map(([value]) => String(value))).toEqual([rangeOf(type).least, rangeOf(type).greatest]);
  expect(rejects.map(({ line, code, field }) => [line, code, field])).toEqual([
    [0, 'ATLAS_CAST_RANGE', 0],
    [3, 'ATLAS_CAST_RANGE', 0],
  ]);
  expect(reasons[0]).toContain('outside what the destination holds of');
  expect(reasons[0]).toMatch(/\(1900-01-01.* to 2(262-04-11|299-12-31)/);
  const nulls = planOf({ width: 2, fields: [ranged(0, type, { onLoss: 'null' }), fieldOf(1, 'int')] });
  expect(driver.run(Buffer.from(`${before},0\n${least},1\n`), nulls)).toMatchObject({
    rows: [
      [null, 0n],
      [BigInt(rangeOf(type).least), 1n],
    ],
    rejects: [],
  });
});

it('without a range a column holds whatever its type does', () => {
  const plan = planOf({ width: 1, fields: [fieldOf(0, 'date')] });
  expect(driver.run(Buffer.from('0001-01-01\n9999-12-31\n'), plan).rows).toEqual([[-719_162n], [2_932_896n]]);
});

const year = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(1899, 1900, 2299, 2300, 2262) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 9999 }) },
);
const day = fc
  .tuple(year, fc.constantFrom('01-01', '01-02', '12-30', '12-31', '02-30', '04-11'))
  .map(([number, rest]) => `${String(number).padStart(4, '0')}-${rest}`);
const clock = fc.constantFrom('', ' 00:00:00', ' 23:59:59', ' 23:59:59.999', ' 23:47:16.854775807', ' 12:30');
const offset = fc.constantFrom('', '', '', 'Z', '+05:30', '-11:00');
const stamp = fc.tuple(day, clock, offset).map(([date, time, zone]) => date + time + (time === '' ? '' : zone));
const losses: readonly OnLoss[] = ['reject', 'truncate', 'round', 'null'];

it.each([
  { name: 'dates', type: 'date', cell: day },
  { name: 'seconds', type: 'timestamp', cell: stamp },
  { name: 'milliseconds', type: 'timestamp(ms)', cell: stamp },
  { name: 'microseconds', type: 'timestamp(us)', cell: stamp },
  { name: 'nanoseconds', type: 'timestamp(ns)', cell: stamp },
  { name: 'instants', type: 'timestamptz(us)', cell: stamp },
  { name: 'instants of a zone', type: 'timestamptz(ms)', cell: stamp, more: { timezone: 'America/New_York' } },
  { name: 'dates behind blanks', type: 'date', cell: day.map((text) => ` ${text}`), plan: { trim: true } },
  { name: 'dates in quotes', type: 'date', cell: day.map((text) => `"${text}"`) },
])('the kernel and its twin agree on $name near the ends', ({ type, cell, more, plan }) => {
  const row = fc.tuple(
    fc.oneof({ weight: 8, arbitrary: cell }, { weight: 1, arbitrary: fc.constantFrom('', 'x') }),
    cell,
  );
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 40 }),
      fc.constantFrom(...losses),
      fc.boolean(),
      (rows, onLoss, nullable) => {
        const fields = [ranged(0, type, { ...more, onLoss, nullable }), ranged(1, type, { ...more, onLoss })];
        compare(rows.map((cells) => `${cells.join(',')}\n`).join(''), planOf({ width: 2, fields, ...plan }));
      },
    ),
    { numRuns: type === 'timestamptz(ms)' ? 12 : 60, seed },
  );
});
