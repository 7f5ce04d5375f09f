// CRCs of chunks of 512 bytes, sixteen chunks at a time: each chunk has a lane of the vectors, a register's four bytes lie in four of
// them, and what a byte adds is looked up by its two halves in tables of sixteen.

const CHUNK: usize = 512;
const LANES: usize = 16;
/** Nibble tables, then room for sixteen bytes of sixteen chunks, twice. */
const TABLES: usize = 128;

/** Bytes of the tables and of the room behind them. */
export function crcStateBytes(): usize {
  return TABLES + 2 * LANES * LANES;
}

/** Fills the tables of a polynomial, whose lowest power is its highest bit. */
export function crcOpen(state: usize, polynomial: u32): void {
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    const low = shifted(nibble, polynomial);
    const high = shifted(nibble << 4, polynomial);
    for (let byte: u32 = 0; byte < 4; byte++) {
      store<u8>(state + byte * 32 + nibble, <u8>(low >>> (8 * byte)));
      store<u8>(state + byte * 32 + 16 + nibble, <u8>(high >>> (8 * byte)));
    }
  }
}

function shifted(byte: u32, polynomial: u32): u32 {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  return crc;
}

/** Writes the CRC of each chunk of `groups` groups of sixteen, big-endian. */
export function crcChunks(state: usize, from: usize, groups: u32, out: usize): void {
  const low0 = v128.load(state);
  const high0 = v128.load(state, 16);
  const low1 = v128.load(state, 32);
  const high1 = v128.load(state, 48);
  const low2 = v128.load(state, 64);
  const high2 = v128.load(state, 80);
  const low3 = v128.load(state, 96);
  const high3 = v128.load(state, 112);
  const fifteen = i8x16.splat(15);
  const ones = i8x16.splat(-1);
  const room = state + TABLES;
  const half = room + LANES * LANES;
  for (let group: usize = 0; group < <usize>groups; group++) {
    const chunks = from + group * (LANES * CHUNK);
    let c0 = ones;
    let c1 = ones;
    let c2 = ones;
    let c3 = ones;
    for (let at: usize = 0; at < CHUNK; at += LANES) {
      // sixteen bytes of each chunk: the first of all, the second of all, …
      interleave(chunks + at, CHUNK, half);
      interleave(half, LANES, room);
      for (let byte: usize = 0; byte < LANES * LANES; byte += LANES) {
        const x = v128.xor(c0, v128.load(room + byte));
        const low = v128.and(x, fifteen);
        const high = v128.shr<u8>(x, 4);
        c0 = v128.xor(c1, v128.xor(v128.swizzle(low0, low), v128.swizzle(high0, high)));
        c1 = v128.xor(c2, v128.xor(v128.swizzle(low1, low), v128.swizzle(high1, high)));
        c2 = v128.xor(c3, v128.xor(v128.swizzle(low2, low), v128.swizzle(high2, high)));
        c3 = v128.xor(v128.swizzle(low3, low), v128.swizzle(high3, high));
      }
    }
    writeLanes(v128.not(c0), v128.not(c1), v128.not(c2), v128.not(c3), out + group * (LANES * 4));
  }
}

function writeLanes(c0: v128, c1: v128, c2: v128, c3: v128, out: usize): void {
  const highFirst = evens(c3, c2);
  const highLast = odds(c3, c2);
  const lowFirst = evens(c1, c0);
  const lowLast = odds(c1, c0);
  v128.store(out, v128.shuffle<u16>(highFirst, lowFirst, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(out, v128.shuffle<u16>(highFirst, lowFirst, 4, 12, 5, 13, 6, 14, 7, 15), 16);
  v128.store(out, v128.shuffle<u16>(highLast, lowLast, 0, 8, 1, 9, 2, 10, 3, 11), 32);
  v128.store(out, v128.shuffle<u16>(highLast, lowLast, 4, 12, 5, 13, 6, 14, 7, 15), 48);
}

/** The first halves of two rows, byte by byte in turn. */
// @ts-ignore: decorator
@inline
function evens(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** The second halves. */
// @ts-ignore: decorator
@inline
function odds(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** Two of the four rounds that transpose sixteen rows, in each of which a row is interleaved with the eighth after it. */
// @ts-ignore: decorator
@inline
function interleave(from: usize, stride: usize, to: usize): void {
  for (let row: usize = 0; row < 4; row++) {
    const at = from + row * stride;
    const a = v128.load(at);
    const b = v128.load(at + 4 * stride);
    const c = v128.load(at + 8 * stride);
    const d = v128.load(at + 12 * stride);
    const first = evens(a, c);
    const second = odds(a, c);
    const third = evens(b, d);
    const fourth = odds(b, d);
    v128.store(to + row * 64, evens(first, third));
    v128.store(to + row * 64, odds(first, third), 16);
    v128.store(to + row * 64, evens(second, fourth), 32);
    v128.store(to + row * 64, odds(second, fourth), 48);
  }
}
