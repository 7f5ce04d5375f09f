import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.ts';

const MOST = 4096;
let kernel: Kernel;
let from: number;
let to: number;
beforeAll(async () => {
  kernel = await Kernel.open(8 * MOST + 1024);
  from = kernel.allocate(MOST);
  to = kernel.allocate(6 * MOST + 18);
});

/** The bytes as the kernel writes them, or null where they are not UTF-8; between bytes that must not matter, and stay. */
function json(bytes: Uint8Array, shift = 0): string | null {
  kernel.bytes.fill(0x22, from, from + MOST);
  kernel.bytes.fill(0xa5, to, to + 6 * MOST + 18);
  kernel.bytes.set(bytes, from + shift);
  const end = kernel.exports.csvJson(from + shift, bytes.length, to);
  if (end === 0) return null;
  expect(kernel.bytes.subarray(Math.max(end, to + 6 * bytes.length + 18), to + 6 * MOST + 18)).toSatisfy(
    (rest: Uint8Array) => rest.every((byte) => byte === 0xa5),
  );
  return Buffer.from(kernel.bytes.subarray(to, end)).toString();
}

/** What JSON.stringify says. */
function twin(bytes: Uint8Array): string | null {
  try {
    return JSON.stringify(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
}

describe('JSON strings', () => {
  it('every byte, alone and among others', () => {
    for (let byte = 0; byte < 256; byte++) {
      for (const before of [0, 1, 15, 16, 31]) {
        const bytes = Buffer.concat([Buffer.alloc(before, 97), Buffer.of(byte), Buffer.alloc(20, 98)]);
        expect(json(bytes)).toBe(twin(bytes));
        expect(json(bytes.subarray(0, before + 1))).toBe(twin(bytes.subarray(0, before + 1)));
      }
    }
  });

  it('agree with JSON.stringify on text and on bytes in any order', () => {
    const special = fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\r\n',
      '\t',
      '\0',
      '\x1f',
      '\x7f',
      '\u2028',
      'é',
      '漢',
      '😀',
      '\ufeff',
    );
    const text = fc
      .array(fc.oneof(special, fc.string({ maxLength: 30 })), { maxLength: 30 })
      .map((parts) => Buffer.from(parts.join('')));
    const bytes = fc.uint8Array({ maxLength: 100 });
    fc.assert(
      fc.property(fc.oneof(text, bytes), fc.nat(64), (value, shift) => {
        expect(json(value, shift)).toBe(twin(value));
      }),
      { numRuns: 2000 },
    );
  });
});
