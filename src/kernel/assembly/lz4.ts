// LZ4: a greedy block compressor with one hash table, and the frame around its blocks (LZ4 Frame Format 1.6). Blocks are independent.

const TABLE_LOG: u32 = 13;
const TABLE: usize = <usize>4 << TABLE_LOG;
const BLOCK: usize = 4 << 20;
const MIN_MATCH: usize = 4;
/** No match begins in the last twelve bytes of a block, and none reaches into its last five. */
const MATCH_LIMIT: usize = 12;
const LAST_LITERALS: usize = 5;
const FARTHEST: usize = 65_535;
/** Misses after which one more byte is skipped at a time. */
const PATIENCE: u32 = 6;
const MAGIC: u32 = 0x184d2204;
/** Version 1, independent blocks of at most 4 MiB, no checksums; the third byte is a checksum of the two before it. */
const DESCRIPTOR: u32 = 0x737060;
const STORED: u32 = 0x80000000;

/** Bytes of the hash table. */
export function lz4TableBytes(): usize {
  return TABLE;
}

/** Bytes that the frame of so many has at most, and may overwrite. */
export function lz4Bound(length: usize): usize {
  return length + length / 255 + 64 + 8 * (length / BLOCK + 1);
}

/** Writes a frame; answers its length. Up to 64 bytes beyond the input may be read, `to` has room for `lz4Bound(length)`. */
export function lz4Frame(from: usize, length: usize, to: usize, table: usize): usize {
  store<u32>(to, MAGIC);
  store<u32>(to, DESCRIPTOR, 4);
  let at = to + 7;
  for (let begin: usize = 0; begin < length; begin += BLOCK) {
    const n = min(BLOCK, length - begin);
    const size = compressBlock(from + begin, n, at + 4, table);
    if (size < n) {
      store<u32>(at, <u32>size);
      at += 4 + size;
    } else {
      memory.copy(at + 4, from + begin, n);
      store<u32>(at, <u32>n | STORED);
      at += 4 + n;
    }
  }
  store<u32>(at, 0);
  return at + 4 - to;
}

// @ts-ignore: decorator
@inline
function slotOf(table: usize, word: u32): usize {
  return table + ((<usize>(word * 2654435761) >> (32 - TABLE_LOG)) << 2);
}

function compressBlock(from: usize, n: usize, to: usize, table: usize): usize {
  let out = to;
  const end = from + n;
  let anchor = from;
  if (n > MATCH_LIMIT) {
    memory.fill(table, 0, TABLE);
    const limit = end - MATCH_LIMIT;
    const matchEnd = end - LAST_LITERALS;
    let at = from + 1;
    let misses: u32 = 1 << PATIENCE;
    while (at <= limit) {
      const word = load<u32>(at);
      const slot = slotOf(table, word);
      const candidate = from + <usize>load<u32>(slot);
      store<u32>(slot, <u32>(at - from));
      if (load<u32>(candidate) != word || at - candidate > FARTHEST || candidate >= at) {
        at += <usize>(misses++ >> PATIENCE);
        continue;
      }
      misses = 1 << PATIENCE;
      let match = candidate;
      while (at > anchor && match > from && load<u8>(at - 1) == load<u8>(match - 1)) {
        at--;
        match--;
      }
      const length = matchLength(at + MIN_MATCH, match + MIN_MATCH, matchEnd);
      out = putSequence(out, anchor, at - anchor, at - match, length);
      at += MIN_MATCH + length;
      anchor = at;
      if (at > limit) break;
      store<u32>(slotOf(table, load<u32>(at - 2)), <u32>(at - 2 - from));
    }
  }
  return putLast(out, anchor, end - anchor) - to;
}

/** Bytes that are equal from `at` on, up to `end`. */
// @ts-ignore: decorator
@inline
function matchLength(at: usize, match: usize, end: usize): usize {
  const begin = at;
  while (at + 8 <= end) {
    const difference = load<u64>(at) ^ load<u64>(match);
    if (difference != 0) return at - begin + <usize>(ctz(difference) >> 3);
    at += 8;
    match += 8;
  }
  while (at < end && load<u8>(at) == load<u8>(match)) {
    at++;
    match++;
  }
  return at - begin;
}

/** What of a length does not fit its four bits. */
// @ts-ignore: decorator
@inline
function putLength(out: usize, length: usize): usize {
  while (length >= 255) {
    store<u8>(out++, 255);
    length -= 255;
  }
  store<u8>(out++, <u8>length);
  return out;
}

// @ts-ignore: decorator
@inline
function putLiterals(out: usize, from: usize, count: usize): usize {
  if (count > 64) memory.copy(out, from, count);
  else for (let i: usize = 0; i < count; i += 16) v128.store(out + i, v128.load(from + i));
  return out + count;
}

// @ts-ignore: decorator
@inline
function putSequence(out: usize, literals: usize, count: usize, offset: usize, length: usize): usize {
  const token = out++;
  store<u8>(token, <u8>((min<usize>(count, 15) << 4) | min<usize>(length, 15)));
  if (count >= 15) out = putLength(out, count - 15);
  out = putLiterals(out, literals, count);
  store<u16>(out, <u16>offset);
  out += 2;
  return length >= 15 ? putLength(out, length - 15) : out;
}

function putLast(out: usize, literals: usize, count: usize): usize {
  store<u8>(out++, <u8>(min<usize>(count, 15) << 4));
  if (count >= 15) out = putLength(out, count - 15);
  memory.copy(out, literals, count);
  return out + count;
}
