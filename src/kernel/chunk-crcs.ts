import { Kernel } from './kernel.ts';

const CHUNK = 512;
/** Chunks that a call works on at once. */
const GROUP = 16;
/** Bytes that lie in the kernel's memory at a time. */
const WINDOW = 64 * GROUP * CHUNK;

/** Polynomials, the lowest power in the highest bit. */
const POLYNOMIALS = { CRC32: 0xedb88320, CRC32C: 0x82f63b78 } as const;

/**
 * Opens a kernel that answers the CRCs of chunks of 512 bytes, big-endian, one after the other; what it is given is a whole number of
 * chunks. What it answers is the caller's.
 */
export async function openChunkCrcs(): Promise<(type: keyof typeof POLYNOMIALS, bytes: Uint8Array) => Uint8Array> {
  const kernel = await Kernel.open(WINDOW + (WINDOW / CHUNK) * 4 + (1 << 16));
  const { crcStateBytes, crcOpen, crcChunks } = kernel.exports;
  const from = kernel.allocate(WINDOW);
  const out = kernel.allocate((WINDOW / CHUNK) * 4);
  const stateOf = (polynomial: number): number => {
    const state = kernel.allocate(crcStateBytes());
    crcOpen(state, polynomial);
    return state;
  };
  const states = { CRC32: stateOf(POLYNOMIALS.CRC32), CRC32C: stateOf(POLYNOMIALS.CRC32C) };
  return (type, bytes) => {
    const crcs = new Uint8Array((bytes.length / CHUNK) * 4);
    for (let at = 0; at < bytes.length; at += WINDOW) {
      const part = bytes.subarray(at, at + WINDOW);
      kernel.bytes.set(part, from);
      const chunks = part.length / CHUNK;
      // the last group may be full of what lay there before: nobody asks for its CRCs
      crcChunks(states[type], from, Math.ceil(chunks / GROUP), out);
      crcs.set(kernel.bytes.subarray(out, out + chunks * 4), (at / CHUNK) * 4);
    }
    return crcs;
  };
}
