// Short byte strings: copied, hashed and compared sixteen bytes at a time, reading and writing past their end.

const MASKS = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);
const K1: u64 = 0x9e3779b97f4a7c15;
const K2: u64 = 0xc2b2ae3d27d4eb4f;

// Ones in the first `length` ≤ 16 bytes.
// @ts-ignore: decorator
@inline function maskOf(length: i32): v128 {
  return v128.load(MASKS + 16 - <usize>length);
}

// Copies and may write 31 bytes more.
// @ts-ignore: decorator
@inline export function copyShort(to: usize, from: usize, length: i32): void {
  v128.store(to, v128.load(from));
  if (length > 16) {
    v128.store(to, v128.load(from, 16), 16);
    if (length > 32) copyLong(to, from, length);
  }
}

function copyLong(to: usize, from: usize, length: i32): void {
  if (length > 1024) {
    memory.copy(to, from, <usize>length);
    return;
  }
  for (let i = 32; i < length; i += 32) {
    v128.store(to + <usize>i, v128.load(from + <usize>i));
    v128.store(to + <usize>i, v128.load(from + <usize>i, 16), 16);
  }
}

// @ts-ignore: decorator
@inline function mix(low: u64, high: u64, h: u64): u64 {
  const x = (low ^ h) * K1;
  return ((x ^ (x >> 32)) + high) * K2;
}

// @ts-ignore: decorator
@inline export function hashText(p: usize, length: i32): u64 {
  if (length <= 16) {
    const v = v128.and(v128.load(p), maskOf(length));
    const h = mix(i64x2.extract_lane(v, 0), i64x2.extract_lane(v, 1), <u64>length);
    return h ^ (h << 29);
  }
  return hashLong(p, length);
}

function hashLong(p: usize, length: i32): u64 {
  let h: u64 = <u64>length;
  const last = p + <usize>length - 16;
  for (; p < last; p += 16) {
    h = mix(load<u64>(p), load<u64>(p, 8), h);
    h ^= h >> 29;
  }
  h = mix(load<u64>(last), load<u64>(last, 8), h);
  return h ^ (h << 29);
}

// @ts-ignore: decorator
@inline export function equalText(a: usize, b: usize, length: i32): bool {
  if (length <= 16) return !v128.any_true(v128.and(v128.xor(v128.load(a), v128.load(b)), maskOf(length)));
  return equalLong(a, b, length);
}

function equalLong(a: usize, b: usize, length: i32): bool {
  const last = length - 16;
  for (let i = 0; i < last; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + <usize>i), v128.load(b + <usize>i)))) return false;
  }
  return !v128.any_true(v128.xor(v128.load(a + <usize>last), v128.load(b + <usize>last)));
}

// First eight bytes as a big-endian number, zeroes where there are none.
// @ts-ignore: decorator
@inline export function textKey(at: usize, length: i32): u64 {
  const word = bswap(load<u64>(at));
  if (length >= 8) return word;
  return length == 0 ? 0 : word & (~(<u64>0) << <u64>(64 - (length << 3)));
}

// Unsigned bytewise order, shorter first: negative, zero or positive.
export function compareText(a: usize, la: i32, b: usize, lb: i32): i32 {
  const n = min(la, lb);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const x = load<u64>(a + <usize>i);
    const y = load<u64>(b + <usize>i);
    if (x != y) return bswap(x) < bswap(y) ? -1 : 1;
  }
  if (i < n) {
    const x = textKey(a + <usize>i, n - i);
    const y = textKey(b + <usize>i, n - i);
    if (x != y) return x < y ? -1 : 1;
  }
  return la - lb;
}
