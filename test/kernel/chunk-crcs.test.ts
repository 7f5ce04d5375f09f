import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openChunkCrcs } from '../../src/kernel/chunk-crcs.ts';

/** Bit by bit: the slow, obvious twin. */
function slowCrc(polynomial: number, bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  }
  return ~crc >>> 0;
}

const POLYNOMIALS = { CRC32: 0xedb88320, CRC32C: 0x82f63b78 } as const;

it('CRCs of chunks: the kernel is its twin, whatever lay in its memory before', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
  console.log(`chunk CRCs: seed ${seed}`);
  const crcs = await openChunkCrcs();
  const inputs = fc.tuple(fc.constantFrom('CRC32', 'CRC32C'), fc.integer({ min: 0, max: 40 }), fc.integer());
  fc.assert(
    fc.property(inputs, ([type, chunks, start]) => {
      const bytes = new Uint8Array(chunks * 512);
      for (let at = 0, state = start | 1; at < bytes.length; at += 1) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
        bytes[at] = state >>> 24;
      }
      const found = crcs(type, bytes);
      const view = new DataView(found.buffer);
      const all = Array.from({ length: chunks }, (_, index) => view.getUint32(index * 4));
      const expected = all.map((_, index) =>
        slowCrc(POLYNOMIALS[type], bytes.subarray(index * 512, index * 512 + 512)),
      );
      expect(all).toEqual(expected);
    }),
    { seed, numRuns: 60 },
  );
});

it('more than lies in the kernel’s memory at a time', async () => {
  const crcs = await openChunkCrcs();
  const bytes = new Uint8Array((1 << 20) + 3 * 512).map((_, index) => index >>> 9);
  const found = crcs('CRC32C', bytes);
  expect(found.length).toBe((bytes.length / 512) * 4);
  for (const chunk of [0, 1, 1023, 1024, 2047, 2048, 2050]) {
    expect([...found.subarray(chunk * 4, chunk * 4 + 4)]).toEqual([
      ...crcs('CRC32C', bytes.subarray(chunk * 512, chunk * 512 + 512)),
    ]);
  }
});
