import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStep } from '../../src/flow/parse-step.ts';
import { comparePoints, movePoint, type Point, parsePoint } from '../../src/flow/point.ts';
import { spellPoint, spellValue } from '../../src/flow/spell-point.ts';

const point = (kind: Parameters<typeof parsePoint>[0], text: string): Point => {
  const parsed = parsePoint(kind, text);
  if (parsed === null) throw new Error(`${kind} ${text}`);
  return parsed;
};

describe('values in the order of a column', () => {
  it('are exact beyond what a number holds', () => {
    expect(comparePoints(point('integer', '9007199254740993'), point('integer', '9007199254740992'))).toBe(1);
    expect(comparePoints(point('decimal', '0.10'), point('decimal', '0.1'))).toBe(0);
    expect(comparePoints(point('decimal', '-0.11'), point('decimal', '-0.1'))).toBe(-1);
  });

  it.each([
    ['timestamp', '2024-02-29 23:59:59.999999', '2024-02-29 23:59:59.999999'],
    ['timestamp', '2024-02-29T23:59', '2024-02-29 23:59:00'],
    ['timestamp', '2024-02-29', '2024-02-29 00:00:00'],
    ['timestamp', '0044-03-15 12:00:00.5 BC', '0044-03-15 12:00:00.5 BC'],
    ['timestamptz', '2024-01-01T01:30:00Z', '2024-01-01 01:30:00+00'],
    ['timestamptz', '2024-01-01 01:30:00.1+05:30', '2023-12-31 20:00:00.1+00'],
    ['timestamptz', '1883-11-18 12:03:58-07:52:58', '1883-11-18 19:56:56+00'],
    ['timestamptz', '294276-12-31 23:59:59.999999+00', '294276-12-31 23:59:59.999999+00'],
    ['timestamptz', '0001-01-01 00:30:00+01', '0001-12-31 23:30:00+00 BC'],
    ['date', '0001-12-31 BC', '0001-12-31 BC'],
    ['date', ' 2024-12-31 ', '2024-12-31'],
    ['date', '99999-01-01', '99999-01-01'],
    ['integer', '+7', '7'],
    ['integer', '-0', '0'],
    ['decimal', '-0.050', '-0.050'],
    ['decimal', '12', '12'],
  ] as const)('%s %s is %s', (kind, text, spelled) => {
    expect(spellValue(kind, text)).toBe(spelled);
  });

  it.each([
    ['integer', '1.0'],
    ['integer', '1e3'],
    ['integer', ''],
    ['integer', '٣'],
    ['decimal', 'NaN'],
    ['decimal', 'Infinity'],
    ['decimal', '1.'],
    ['date', '2023-02-29'],
    ['date', '1900-02-29'],
    ['date', '0000-00-00'],
    ['date', '2024-13-01'],
    ['date', '2024-01-01 00:00:00'],
    ['date', 'infinity'],
    ['date', '24-01-01'],
    ['timestamp', '2024-01-01 24:00:00'],
    ['timestamp', '2024-01-01 00:60:00'],
    ['timestamp', '2024-01-01 00:00:60'],
    ['timestamp', '2024-01-01 00:00:00Z'],
    ['timestamp', '2024-01-01 00:00:00.1234567'],
    ['timestamp', 'infinity'],
    ['timestamp', '-infinity'],
    ['timestamptz', '2024-01-01Z'],
    ['timestamptz', '2024-01-01 00:00:00 Europe/Paris'],
  ] as const)('%s %s has no place', (kind, text) => {
    expect(parsePoint(kind, text)).toBeNull();
  });

  it('spelling and reading are each other’s inverse, and keep the order', () => {
    const micros = fc.bigInt({ min: -200_000_000_000_000_000n, max: 9_000_000_000_000_000_000n });
    fc.assert(
      fc.property(micros, micros, (a, b) => {
        for (const kind of ['timestamp', 'timestamptz'] as const) {
          const [one, other] = [a, b].map((units) => point(kind, spellPoint(kind, { units, scale: 6 })));
          expect(one).toEqual({ units: a, scale: 6 });
          expect(comparePoints(one as Point, other as Point)).toBe(a < b ? -1 : a > b ? 1 : 0);
        }
        const day = a / 86_400_000_000n;
        expect(point('date', spellPoint('date', { units: day, scale: 0 }))).toEqual({ units: day, scale: 0 });
      }),
    );
  });

  it('days agree with the calendar of the platform', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (day) => {
        const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
        expect(spellPoint('date', { units: BigInt(day), scale: 0 })).toBe(text);
        expect(point('date', text).units).toBe(BigInt(day));
      }),
    );
  });
});

describe('distances', () => {
  const moved = (kind: Parameters<typeof parsePoint>[0], text: string, step: string, times: bigint) => {
    const by = parseStep(kind, step);
    return by === null ? null : spellPoint(kind, movePoint(point(kind, text), by, times));
  };
  it.each([
    ['timestamp', '2024-03-01 00:00:00', '1d', -1n, '2024-02-29 00:00:00'],
    ['timestamptz', '2024-01-01 00:00:00+00', '15m', -1n, '2023-12-31 23:45:00+00'],
    ['timestamptz', '2024-01-01 00:00:00+00', '1.5h', 2n, '2024-01-01 03:00:00+00'],
    ['timestamp', '2024-01-01 00:00:00', '1us', -1n, '2023-12-31 23:59:59.999999'],
    ['date', '2024-03-01', '1d', -1n, '2024-02-29'],
    ['date', '2024-03-01', '48h', -1n, '2024-02-28'],
    ['date', '2024-03-01', '36h', -1n, null],
    ['date', '2024-03-01', '3', -1n, null],
    ['integer', '18446744073709551615', '1000', -1n, '18446744073709550615'],
    ['integer', '5', '0.5', -1n, null],
    ['integer', '5', '5m', -1n, null],
    ['decimal', '1.00', '0.125', -1n, '0.875'],
    ['timestamp', '2024-01-01 00:00:00', '5', -1n, null],
    ['timestamp', '2024-01-01 00:00:00', '0.5us', -1n, null],
  ] as const)('%s %s by %s × %s is %s', (kind, text, step, times, expected) => {
    expect(moved(kind, text, step, times)).toBe(expected);
  });
});
