// Bit packing, LSB first: eight values of `width` bits fill `width` bytes (Parquet, "RLE/Bit-Packing Hybrid").

// Packs `groups` × 8 u32 values and answers the address after them; may write 16 bytes more.
export function packGroups(from: usize, groups: i32, width: i32, to: usize): usize {
  if (width <= 8) {
    const w = <u64>width;
    for (let g = 0; g < groups; g++) {
      // eight 32-bit lanes → eight 16-bit lanes → pairs, quads, eights
      const v = i16x8.narrow_i32x4_u(v128.load(from), v128.load(from, 16));
      const low = i64x2.extract_lane(v, 0);
      const high = i64x2.extract_lane(v, 1);
      store<u64>(to, squeeze16(low, w) | (squeeze16(high, w) << (w << 2)));
      to += <usize>width;
      from += 32;
    }
    return to;
  }
  if (width <= 16) {
    const w = <u64>width;
    for (let g = 0; g < groups; g++) {
      // four values make 4 × width ≤ 64 bits
      const a = four(from, w);
      const b = four(from + 16, w);
      const at = w << 2;
      store<u64>(to, at == 64 ? a : a | (b << at));
      store<u64>(to, at == 64 ? b : b >> (64 - at), 8);
      to += <usize>width;
      from += 32;
    }
    return to;
  }
  const w = <u64>width;
  for (let g = 0; g < groups; g++) {
    // pairs make 2 × width ≤ 64 bits; four of them are laid one after the other
    let bits: u64 = 0;
    let held: u64 = 0;
    let out = to;
    for (let k = 0; k < 4; k++) {
      const pair = <u64>load<u32>(from) | (<u64>load<u32>(from, 4) << w);
      bits |= pair << held;
      const total = held + (w << 1);
      if (total >= 64) {
        store<u64>(out, bits);
        out += 8;
        bits = held == 0 ? 0 : pair >> (64 - held);
        held = total - 64;
        if (held == 0) bits = 0;
      } else held = total;
      from += 8;
    }
    store<u64>(out, bits);
    to += <usize>width;
  }
  return to;
}

// Four 16-bit lanes of `w` ≤ 8 bits → 4 × w bits.
// @ts-ignore: decorator
@inline function squeeze16(v: u64, w: u64): u64 {
  const pairs = (v | (v >> (16 - w))) & (((<u64>1 << (w << 1)) - 1) * 0x0000000100000001);
  return (pairs | (pairs >> (32 - (w << 1)))) & ((<u64>1 << (w << 2)) - 1);
}

// @ts-ignore: decorator
@inline function four(from: usize, w: u64): u64 {
  return (
    <u64>load<u32>(from) |
    (<u64>load<u32>(from, 4) << w) |
    (<u64>load<u32>(from, 8) << (w << 1)) |
    (<u64>load<u32>(from, 12) << (w * 3))
  );
}

// Packs `count` (a multiple of 8) u64 values of up to 64 bits.
export function pack64(from: usize, count: i32, width: i32, to: usize): usize {
  const w = <u64>width;
  let bits: u64 = 0;
  let held: u64 = 0;
  for (let i = 0; i < count; i++) {
    const v = load<u64>(from + (<usize>i << 3));
    bits |= v << held;
    const total = held + w;
    if (total >= 64) {
      store<u64>(to, bits);
      to += 8;
      bits = held == 0 ? 0 : v >> (64 - held);
      held = total - 64;
      if (held == 0) bits = 0;
    } else held = total;
  }
  store<u64>(to, bits);
  return to + <usize>(held >> 3);
}

// ULEB128
export function putVarint(to: usize, v: u64): usize {
  while (v >= 0x80) {
    store<u8>(to++, <u8>(v | 0x80));
    v >>= 7;
  }
  store<u8>(to++, <u8>v);
  return to;
}

// Bits needed for values up to `max`, at least 1.
export function bitWidth(max: u32): i32 {
  return max == 0 ? 1 : 32 - <i32>clz(max);
}

// @ts-ignore: decorator
@inline function constantGroup(at: usize, value: v128): bool {
  return !v128.any_true(v128.or(v128.xor(v128.load(at), value), v128.xor(v128.load(at, 16), value)));
}

/** Encodes `n` u32 values as the RLE/bit-packing hybrid; the 8 values after the last are overwritten with 0. */
export function packHybrid(from: usize, n: i32, width: i32, runs: bool, to: usize): usize {
  const end = from + (<usize>n << 2);
  v128.store(end, i64x2.splat(0));
  v128.store(end, i64x2.splat(0), 16);
  // a run must save more than the headers it costs
  const least = max(2, (8 + width - 1) / width);
  let literal = from;
  let at = from;
  while (at < end) {
    const value = v128.load32_splat(at);
    if (!runs || !constantGroup(at, value)) {
      at += 32;
      continue;
    }
    let stop = at + 32;
    while (stop + 32 <= end && constantGroup(stop, value)) stop += 32;
    if (stop > end) stop = end;
    const first = load<u32>(at);
    while (stop < end && load<u32>(stop) == first) stop += 4;
    if (stop - at < <usize>least << 5) {
      at += 32;
      continue;
    }
    if (at > literal) {
      const groups = <i32>((at - literal) >> 5);
      to = putVarint(to, (<u64>groups << 1) | 1);
      to = packGroups(literal, groups, width, to);
    }
    to = putVarint(to, <u64>((stop - at) >> 2) << 1);
    store<u32>(to, first);
    to += <usize>((width + 7) >> 3);
    at = stop;
    literal = stop;
  }
  if (literal < end) {
    const groups = <i32>((end - literal + 31) >> 5);
    to = putVarint(to, (<u64>groups << 1) | 1);
    to = packGroups(literal, groups, width, to);
  }
  return to;
}

// Definition levels of one bit: the hybrid over a bitmap, whose bytes are its packed groups already.
export function packLevels(bitmap: usize, rows: i32, to: usize): usize {
  const bytes = (rows + 7) >> 3;
  const whole = rows >> 3;
  let literal = 0;
  let i = 0;
  while (i < whole) {
    const b = load<u8>(bitmap + <usize>i);
    if (b != 0 && b != 0xff) {
      i++;
      continue;
    }
    let stop = i + 1;
    while (stop < whole && load<u8>(bitmap + <usize>stop) == b) stop++;
    if (stop - i < 16) {
      i = stop;
      continue;
    }
    if (i > literal) to = putLiteral(bitmap, literal, i, to);
    // only a run that ends the page may end inside a group; one in the middle ends at a byte
    to = putVarint(to, <u64>(stop - i) << 4);
    store<u8>(to++, b & 1);
    i = stop;
    literal = stop;
  }
  if (literal < bytes) to = putLiteral(bitmap, literal, bytes, to);
  return to;
}

function putLiteral(bitmap: usize, from: i32, stop: i32, to: usize): usize {
  const n = stop - from;
  to = putVarint(to, (<u64>n << 1) | 1);
  memory.copy(to, bitmap + <usize>from, <usize>n);
  return to + <usize>n;
}
