import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkCrcs } from '../../../src/store/webhdfs/checksum/chunk-crcs.ts';
import { type CrcType, POLYNOMIALS } from '../../../src/store/webhdfs/checksum/crc-type.ts';
import { WrittenChecksum } from '../../../src/store/webhdfs/checksum/written-checksum.ts';

/** Bit by bit: the slow, obvious twin. */
function slowCrc(type: CrcType, bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIALS[type] : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** As the rule says it: MD5 of the MD5s, which fill a buffer that doubles from 32 bytes, of the CRCs of the chunks of each block. */
function slowMd5(type: CrcType, bytes: Uint8Array, chunk: number, block: number): string {
  const md5s: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += block) {
    const hash = createHash('md5');
    const to = Math.min(bytes.length, from + block);
    for (let at = from; at < to; at += chunk) {
      const crc = Buffer.alloc(4);
      crc.writeUInt32BE(slowCrc(type, bytes.subarray(at, Math.min(to, at + chunk))));
      hash.update(crc);
    }
    md5s.push(hash.digest());
  }
  let size = 32;
  while (size < md5s.length * 16) size *= 2;
  const buffer = Buffer.alloc(size);
  Buffer.concat(md5s).copy(buffer);
  const head = Buffer.alloc(12);
  head.writeInt32BE(chunk);
  head.writeInt32BE(md5s.length > 1 ? block / chunk : 0, 8);
  return head.toString('hex') + createHash('md5').update(buffer).digest('hex');
}

const types = fc.constantFrom<CrcType>('CRC32', 'CRC32C');

describe('checksums of what is written', () => {
  it('knows the check values of both polynomials', () => {
    const digits = new TextEncoder().encode('123456789');
    for (const [type, value] of [
      ['CRC32', 'cbf43926'],
      ['CRC32C', 'e3069283'],
    ] as const) {
      const sum = new WrittenChecksum({ type, chunkBytes: 512 }, null);
      sum.update(digits);
      expect(sum.expected(`COMPOSITE-${type}`)).toEqual([value]);
    }
  });

  it('is the same in pieces of any size, whenever the block size becomes known', () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
    console.log(`written checksum: seed ${seed}`);
    const inputs = fc.record({
      type: types,
      chunk: fc.constantFrom(16, 48, 512),
      chunksOfBlock: fc.integer({ min: 1, max: 5 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 6000, size: 'max' }),
      cuts: fc.array(fc.nat(6000), { maxLength: 6 }),
      known: fc.nat(6),
    });
    fc.assert(
      fc.property(inputs, ({ type, chunk, chunksOfBlock, bytes, cuts, known }) => {
        const block = chunk * chunksOfBlock;
        const sum = new WrittenChecksum({ type, chunkBytes: chunk }, null);
        const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        let from = 0;
        for (const [index, to] of ends.entries()) {
          if (index === known) sum.setBlockBytes(block);
          sum.update(bytes.subarray(from, to));
          from = to;
        }
        if (!sum.knowsBlocks) sum.setBlockBytes(block);
        const expected = slowMd5(type, bytes, chunk, block);
        const name = sum.algorithm ?? '';
        expect(sum.expected(name)?.[0]).toBe(expected);
        expect(sum.expected(name)).toEqual(sum.expected(name));
        const whole = slowCrc(type, bytes).toString(16).padStart(8, '0');
        expect(sum.expected(`COMPOSITE-${type}`)).toEqual([whole]);
      }),
      { seed, numRuns: 300 },
    );
  });

  it('does not compare what it did not compute', () => {
    const sum = new WrittenChecksum({ type: 'CRC32C', chunkBytes: 512 }, null);
    sum.update(new Uint8Array(2000));
    expect(sum.expected('MD5-of-0MD5-of-512CRC32C')).toBeNull();
    sum.setBlockBytes(1024);
    expect(sum.algorithm).toBe('MD5-of-2MD5-of-512CRC32C');
    expect(sum.expected('MD5-of-2MD5-of-512CRC32C')).toHaveLength(2);
    for (const other of [
      'MD5-of-0MD5-of-512CRC32C',
      'MD5-of-2MD5-of-512CRC32',
      'MD5-of-1MD5-of-1024CRC32C',
      'COMPOSITE-CRC32',
      'SHA-256',
      'MD5-of-0MD5-of-0CRC32',
    ]) {
      expect(sum.expected(other), other).toBeNull();
    }
    const odd = new WrittenChecksum({ type: 'CRC32C', chunkBytes: 512 }, null);
    odd.update(new Uint8Array(2000));
    odd.setBlockBytes(1000);
    expect(odd.algorithm).toBeNull();
    expect(odd.expected('COMPOSITE-CRC32C')).toHaveLength(1);
  });

  it('sums with a kernel what it sums without', () => {
    const seen: number[] = [];
    const kernel = (type: CrcType, bytes: Uint8Array): Uint8Array => {
      seen.push(bytes.length);
      return new ChunkCrcs(type, 512, null).update(bytes);
    };
    fc.assert(
      fc.property(
        types,
        fc.array(fc.uint8Array({ maxLength: 3000, size: 'max' }), { maxLength: 5 }),
        (type, pieces) => {
          const [fast, slow] = [new ChunkCrcs(type, 512, kernel), new ChunkCrcs(type, 512, null)];
          for (const piece of pieces) expect([...fast.update(piece)]).toEqual([...slow.update(piece)]);
          expect([fast.filled, fast.open]).toEqual([slow.filled, slow.open]);
        },
      ),
    );
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((length) => length > 0 && length % 512 === 0)).toBe(true);
  });
});
