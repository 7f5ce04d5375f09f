import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shortenMax, shortenMin } from '../../src/encode/parquet/shorten.ts';

const cut = (text: string, length: number): Uint8Array => Buffer.from(text, 'utf8').subarray(0, length);
const read = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder('utf-8', { fatal: true }).decode(bytes);

describe('an upper bound of a text that was cut', () => {
  test.each([
    ['xxé', 3, 'xy'],
    ['xx\u{d7ff}', 4, 'xy'],
    ['xx\u{d7ff}y', 5, 'xx\u{e000}'],
    ['ab', 2, 'ac'],
    ['a\u{7f}b', 2, 'a\u{80}'],
    ['a\u{10ffff}\u{10ffff}', 8, 'b'],
    ['\u{10ffff}\u{10ffff}', 8, null],
    ['\u{10ffff}', 3, null],
  ])('%j cut to %i bytes', (text, length, wanted) => {
    expect(read(shortenMax(cut(text, length), true))).toBe(wanted);
  });
});

test('bounds of bytes', () => {
  expect(shortenMax(new Uint8Array([1, 255, 255]), false)).toEqual(new Uint8Array([2]));
  expect(shortenMax(new Uint8Array([255, 255]), false)).toBeNull();
  expect(shortenMin(new Uint8Array([1, 255]), false)).toEqual(new Uint8Array([1, 255]));
});

test('whatever is cut lies between its bounds, and both are text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), fc.nat(40), (text, length) => {
      const whole = Buffer.from(text, 'utf8');
      const prefix = whole.subarray(0, length);
      const min = shortenMin(prefix, true);
      const max = shortenMax(prefix, true);
      expect(() => read(min)).not.toThrow();
      expect(() => read(max)).not.toThrow();
      expect(Buffer.compare(min, whole)).toBeLessThanOrEqual(0);
      if (max !== null && prefix.length < whole.length) expect(Buffer.compare(max, whole)).toBeGreaterThan(0);
    }),
  );
});
