import { expect, test } from 'vitest';
import { parseLogicalType } from '../../../src/metadata/logical-type.ts';
import { clickhouseRange } from '../../../src/plan/clickhouse/value-ranges.ts';

const rangeOf = (spelling: string) => {
  const type = parseLogicalType(spelling);
  if ('problem' in type) throw new Error(type.problem);
  return clickhouseRange(type);
};

const FIRST = BigInt(Date.UTC(1900, 0, 1));
const BEYOND = BigInt(Date.UTC(2300, 0, 1));

test('dates are those of the years 1900 to 2299', () => {
  expect(rangeOf('date')).toEqual({ least: `${FIRST / 86_400_000n}`, greatest: `${BEYOND / 86_400_000n - 1n}` });
});

test.each([
  ['s', 1n, 1000n],
  ['ms', 1n, 1n],
  ['us', 1000n, 1n],
])('timestamps in %s are those of the years 1900 to 2299, to the last tick', (unit, times, over) => {
  for (const name of ['timestamp', 'timestamptz']) {
    expect(rangeOf(`${name}(${unit})`)).toEqual({
      least: `${(FIRST * times) / over}`,
      greatest: `${(BEYOND * times) / over - 1n}`,
    });
  }
});

test('nanoseconds end where their 64 bits do', () => {
  expect(rangeOf('timestamp(ns)')).toEqual({ least: `${FIRST * 1_000_000n}`, greatest: `${2n ** 63n - 1n}` });
});

test.each(['int64', 'uint64', 'time(ns)', 'decimal(38,10)', 'string', 'boolean', 'double'])(
  '%s has no bounds',
  (name) => {
    expect(rangeOf(name)).toBeNull();
  },
);
