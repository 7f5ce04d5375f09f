import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.ts';
import { readLz4Frame } from './lz4-twin.ts';

const MOST = 5 * 1024 * 1024;
const kernel = await Kernel.open(3 * MOST + 1_000_000);
const table = kernel.allocate(kernel.exports.lz4TableBytes());
const source = kernel.allocate(MOST);
const target = kernel.allocate(kernel.exports.lz4Bound(MOST));

function compress(bytes: Uint8Array, fill = 0xa5): Uint8Array {
  const bound = kernel.exports.lz4Bound(bytes.byteLength);
  kernel.bytes.fill(fill, target, target + bound + 64);
  kernel.bytes.set(bytes, source);
  const length = kernel.exports.lz4Frame(source, bytes.byteLength, target, table);
  expect(length).toBeLessThanOrEqual(bound);
  const beyond = kernel.bytes.subarray(target + bound, target + bound + 64);
  expect(
    beyond.every((byte) => byte === fill),
    'writes beyond its bound',
  ).toBe(true);
  return kernel.bytes.slice(target, target + length);
}

/** Noise of so many different bytes, the same in every run. */
function noise(length: number, alphabet: number): Uint8Array {
  let state = 12_345 + length;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % alphabet;
  });
}

const same = (frame: Uint8Array, bytes: Uint8Array): boolean => Buffer.from(readLz4Frame(frame)).equals(bytes);

test.each([0, 1, 4, 5, 11, 12, 13, 16, 17, 31, 32, 63, 64, 65, 270, 65_535, 65_536, 65_537, 200_000])(
  '%i bytes: zeroes, a period, words, noise',
  (length) => {
    for (const bytes of [new Uint8Array(length), noise(length, 2), noise(length, 5), noise(length, 256)]) {
      expect(same(compress(bytes), bytes)).toBe(true);
    }
    const period = Uint8Array.from({ length }, (_, i) => (i % 7) * 31);
    expect(same(compress(period), period)).toBe(true);
  },
);

test('what repeats shrinks, what does not is stored', () => {
  expect(compress(new Uint8Array(100_000)).byteLength).toBeLessThan(500);
  const words = Buffer.from('2024-01-01,rain,Hamburg\n'.repeat(5000));
  expect(compress(words).byteLength).toBeLessThan(words.byteLength / 100);
  expect(compress(noise(100_000, 256)).byteLength).toBe(100_000 + 7 + 4 + 4);
});

test('a buffer of more than one block', () => {
  const bytes = noise(MOST, 3);
  bytes.fill(9, 4 * 1024 * 1024 - 100, 4 * 1024 * 1024 + 100);
  const frame = compress(bytes);
  expect(frame.byteLength).toBeLessThan(MOST * 0.8);
  expect(same(frame, bytes)).toBe(true);
});

describe('any bytes', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 200 })).map(([unit, times]) => {
      return Uint8Array.from({ length: unit.length * times }, (_, i) => unit[i % unit.length]!);
    }),
    fc.tuple(fc.integer({ min: 1, max: 70_000 }), fc.constantFrom(1, 2, 40, 256)).map(([n, kinds]) => noise(n, kinds)),
  );

  test('come back, and whatever lay in the table before makes the same frame', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.integer({ min: 0, max: 255 }), (pieces, fill) => {
        const bytes = Buffer.concat(pieces);
        const frame = compress(bytes);
        expect(same(frame, bytes)).toBe(true);
        kernel.bytes.fill(fill, table, table + kernel.exports.lz4TableBytes());
        expect(Buffer.compare(compress(bytes, fill), frame)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
