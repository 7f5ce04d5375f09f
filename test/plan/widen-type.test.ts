import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LogicalType,
  nameLogicalType,
  PLAIN_TYPE_NAMES,
  parseLogicalType,
} from '../../src/metadata/logical-type.ts';
import { widenType } from '../../src/plan/infer/widen-type.ts';

function typeOf(text: string): LogicalType {
  const type = parseLogicalType(text);
  if ('problem' in type) throw new Error(type.problem);
  return type;
}

function widen(from: string, to: string): string | null {
  const wide = widenType(typeOf(from), typeOf(to));
  return wide === null ? null : nameLogicalType(wide);
}

const units = ['s', 'ms', 'us', 'ns'].flatMap((unit) => [
  `time(${unit})`,
  `timestamp(${unit})`,
  `timestamptz(${unit})`,
]);
const anyType: fc.Arbitrary<LogicalType> = fc.oneof(
  fc.constantFrom(...PLAIN_TYPE_NAMES, ...units).map(typeOf),
  fc
    .tuple(fc.integer({ min: 1, max: 38 }), fc.integer({ min: 0, max: 38 }))
    .filter(([precision, scale]) => scale <= precision)
    .map(([precision, scale]): LogicalType => ({ kind: 'decimal', precision, scale })),
);

/** Whether every value of a type is one of the other, of numbers and times by their bounds. */
function holds(wide: LogicalType, narrow: LogicalType): boolean {
  const [a, b] = [rangeOf(wide), rangeOf(narrow)];
  if (a === null || b === null) return JSON.stringify(wide) === JSON.stringify(narrow);
  return a.family === b.family && a.least <= b.least && a.greatest >= b.greatest && a.digits >= b.digits;
}

/** Bounds in units of the 38th digit after the point, and digits after it; floats by the integers they hold. */
function rangeOf(type: LogicalType) {
  const unit = 10n ** 38n;
  if (type.kind === 'int') {
    const top = 1n << BigInt(type.signed ? type.bits - 1 : type.bits);
    return { family: 'number', least: type.signed ? -top * unit : 0n, greatest: (top - 1n) * unit, digits: 0 };
  }
  if (type.kind === 'decimal') {
    const most = (10n ** BigInt(type.precision) - 1n) * 10n ** BigInt(38 - type.scale);
    return { family: 'number', least: -most, greatest: most, digits: type.scale };
  }
  if (type.kind !== 'time' && type.kind !== 'timestamp') return null;
  const digits = { s: 0, ms: 3, us: 6, ns: 9 }[type.unit];
  const family = type.kind === 'time' ? 'time' : `timestamp ${type.zoned}`;
  const far = type.kind === 'timestamp' && type.unit === 'ns' ? 1n : 2n;
  return { family, least: -far, greatest: far, digits };
}

describe('widenType', () => {
  it.each([
    ['int8', 'int64', 'int64'],
    ['uint8', 'int8', 'int16'],
    ['uint32', 'int8', 'int64'],
    ['uint64', 'int8', 'decimal(20,0)'],
    ['bigint', 'decimal(9,2)', 'decimal(21,2)'],
    ['bigint', 'decimal(9,0)', 'int64'],
    ['decimal(9,2)', 'decimal(12,4)', 'decimal(12,4)'],
    ['decimal(9,2)', 'decimal(6,4)', 'decimal(11,4)'],
    ['decimal(38,0)', 'decimal(3,1)', null],
    ['real', 'double', 'double'],
    ['int16', 'real', 'real'],
    ['int32', 'real', 'double'],
    ['bigint', 'double', null],
    ['decimal(3,1)', 'double', null],
    ['timestamp(s)', 'timestamp(us)', 'timestamp(us)'],
    ['timestamp(us)', 'timestamp(ns)', null],
    ['time(us)', 'time(ns)', 'time(ns)'],
    ['timestamp(us)', 'timestamptz(us)', null],
    ['date', 'timestamp(us)', null],
    ['boolean', 'bigint', null],
    ['bigint', 'string', null],
    ['json', 'string', null],
    ['uuid', 'uuid', 'uuid'],
  ])('%s and %s: %s', (from, to, expected) => {
    expect([widen(from, to), widen(to, from)]).toEqual([expected, expected]);
  });

  it('holds both, whatever the order, and widens no further', () => {
    fc.assert(
      fc.property(anyType, anyType, (from, to) => {
        const wide = widenType(from, to);
        expect(widenType(to, from)).toEqual(wide);
        expect(widenType(from, from)).toEqual(from);
        if (wide === null) return;
        expect(widenType(wide, from)).toEqual(wide);
        expect(widenType(wide, to)).toEqual(wide);
        if (wide.kind === 'float') return;
        expect([holds(wide, from), holds(wide, to)]).toEqual([true, true]);
        if (holds(from, to)) expect(wide).toEqual(from);
      }),
      { numRuns: 3000 },
    );
  });
});
