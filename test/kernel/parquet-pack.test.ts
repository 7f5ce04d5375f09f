import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.ts';
import { deltaTwin, packBits, readHybrid } from './parquet-twins.ts';

let kernel: Kernel;
let input: number;
let output: number;
let scratch: number;

beforeAll(async () => {
  kernel = await Kernel.open(4_000_000);
  input = kernel.allocate(1_000_000);
  output = kernel.allocate(1_000_000);
  scratch = kernel.allocate(8192);
});

const taken = (length: number): Uint8Array => kernel.bytes.slice(output, output + length);

/** Arrays of short and long runs. */
function runs<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  const part = fc.tuple(value, fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 300 })));
  return fc
    .array(part, { maxLength: 40 })
    .map((parts) => parts.flatMap(([one, times]) => Array.from({ length: times }, () => one)));
}

describe('the hybrid', () => {
  const widthAndValues = fc.integer({ min: 1, max: 32 }).chain((width) => {
    const value = fc.integer({ min: 0, max: 2 ** width - 1 });
    return fc.tuple(fc.constant(width), fc.oneof(fc.array(value, { maxLength: 300 }), runs(value)));
  });

  function encode(values: readonly number[], width: number, allowRuns: boolean): Uint8Array {
    new Uint32Array(kernel.memory.buffer, input, values.length + 8).set([...values, 1, 1, 1, 1, 1, 1, 1, 1]);
    return taken(kernel.exports.parquetHybrid(input, values.length, width, allowRuns ? 1 : 0, output));
  }

  test('reads back, and never takes more than one literal would', () => {
    fc.assert(
      fc.property(widthAndValues, ([width, values]) => {
        const bytes = encode(values, width, true);
        expect(readHybrid(bytes, width, values.length)).toEqual(values);
        expect(bytes.byteLength).toBeLessThanOrEqual(Math.ceil(values.length / 8) * width + 4);
      }),
      { numRuns: 400 },
    );
  });

  test('without runs is one literal', () => {
    fc.assert(
      fc.property(widthAndValues, ([width, values]) => {
        fc.pre(values.length > 0);
        const bytes = [...encode(values, width, false)];
        const header = bytes.length - Math.ceil(values.length / 8) * width;
        expect(bytes.slice(header)).toEqual(packBits(values.map(BigInt), width));
      }),
      { numRuns: 200 },
    );
  });

  test('of one value a million times is a run', () => {
    const values = Array.from({ length: 100_000 }, () => 5);
    expect(encode(values, 3, true).byteLength).toBe(4);
  });
});

describe('deltas', () => {
  function encode(values: readonly bigint[], width: 4 | 8): number[] {
    for (const [i, value] of values.entries()) {
      if (width === 8) kernel.view.setBigInt64(input + i * 8, value, true);
      else kernel.view.setInt32(input + i * 4, Number(value), true);
    }
    return [...taken(kernel.exports.parquetDelta(input, values.length, width, output, scratch))];
  }

  const numbers = (bits: number): fc.Arbitrary<bigint[]> => {
    const any = fc.bigInt(-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n);
    const small = fc.bigInt(-50n, 50n);
    const ramp = fc.tuple(any, fc.array(fc.bigInt(0n, 1n << 20n), { maxLength: 700 })).map(([start, steps]) => {
      let value = start;
      return steps.map((step) => (value = BigInt.asIntN(bits, value + step)));
    });
    return fc.oneof(fc.array(any, { maxLength: 300 }), fc.array(small, { maxLength: 500 }), runs(any), ramp);
  };

  test.each([
    [4, 32],
    [8, 64],
  ] as const)('of %i bytes are what the twin writes', (width, bits) => {
    fc.assert(
      fc.property(numbers(bits), (values) => {
        expect(encode(values, width)).toEqual(deltaTwin(values, bits));
      }),
      { numRuns: 200 },
    );
  });

  test('wrap at the ends of the range', () => {
    const extremes = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n - 1n, 0n, -(2n ** 63n)];
    expect(encode(extremes, 8)).toEqual(deltaTwin(extremes, 64));
    const narrow = [2n ** 31n - 1n, -(2n ** 31n), 0n];
    expect(encode(narrow, 4)).toEqual(deltaTwin(narrow, 32));
  });
});

test('levels read back', () => {
  fc.assert(
    fc.property(runs(fc.boolean()), (present) => {
      const bitmap = packBits(
        present.map((one) => (one ? 1n : 0n)),
        1,
      );
      kernel.bytes.set(bitmap, input);
      const bytes = taken(kernel.exports.parquetLevels(input, present.length, output));
      expect(readHybrid(bytes, 1, present.length)).toEqual(present.map(Number));
      expect(bytes.byteLength).toBeLessThanOrEqual(bitmap.length + 4);
    }),
    { numRuns: 300 },
  );
});
