// Bits and gaps: validity bitmaps, and the removal of null slots.

// @ts-ignore: decorator
@inline export function bitsAt(bitmap: usize, bit: i32, count: i32): u64 {
  // count ≤ 56
  const word = load<u64>(bitmap + <usize>(bit >> 3)) >> <u64>(bit & 7);
  return word & ((<u64>1 << <u64>count) - 1);
}

// @ts-ignore: decorator
@inline export function putBits(bitmap: usize, bit: i32, bits: u64): void {
  const at = bitmap + <usize>(bit >> 3);
  const shift = <u64>(bit & 7);
  store<u64>(at, (load<u64>(at) & ((<u64>1 << shift) - 1)) | (bits << shift));
}

export function copyBits(to: usize, toBit: i32, from: usize, fromBit: i32, count: i32): void {
  for (let i = 0; i < count; i += 56) {
    const k = min(56, count - i);
    putBits(to, toBit + i, bitsAt(from, fromBit + i, k));
  }
}

export function setBits(to: usize, toBit: i32, count: i32): void {
  for (let i = 0; i < count; i += 56) {
    const k = min(56, count - i);
    putBits(to, toBit + i, (<u64>1 << <u64>k) - 1);
  }
}

export function countBits(bitmap: usize, bit: i32, count: i32): i32 {
  let n: i32 = 0;
  for (let i = 0; i < count; i += 56) n += <i32>popcnt(bitsAt(bitmap, bit + i, min(56, count - i)));
  return n;
}

// Copies the values whose bit is set to `to`; answers how many.
export function compact<T>(from: usize, validity: usize, bit: i32, count: i32, to: usize): i32 {
  const start = to;
  for (let i = 0; i < count; i += 56) {
    const k = min(56, count - i);
    let word = bitsAt(validity, bit + i, k);
    const base = from + <usize>i * sizeof<T>();
    if (word == (<u64>1 << <u64>k) - 1) {
      memory.copy(to, base, <usize>k * sizeof<T>());
      to += <usize>k * sizeof<T>();
      continue;
    }
    while (word != 0) {
      store<T>(to, load<T>(base + <usize>ctz(word) * sizeof<T>()));
      to += sizeof<T>();
      word &= word - 1;
    }
  }
  return <i32>((to - start) / sizeof<T>());
}

export function compact128(from: usize, validity: usize, bit: i32, count: i32, to: usize): i32 {
  const start = to;
  for (let i = 0; i < count; i += 56) {
    let word = bitsAt(validity, bit + i, min(56, count - i));
    const base = from + (<usize>i << 4);
    while (word != 0) {
      v128.store(to, v128.load(base + (<usize>ctz(word) << 4)));
      to += 16;
      word &= word - 1;
    }
  }
  return <i32>((to - start) >> 4);
}

// Appends the bits of `from` whose validity bit is set at bit `toBit` of `to`; answers how many.
export function compactBits(from: usize, validity: usize, bit: i32, count: i32, to: usize, toBit: i32): i32 {
  const start = toBit;
  for (let i = 0; i < count; i += 56) {
    const k = min(56, count - i);
    let word = bitsAt(validity, bit + i, k);
    const bits = bitsAt(from, bit + i, k);
    let packed: u64 = 0;
    let n: i32 = 0;
    while (word != 0) {
      packed |= ((bits >> <u64>ctz(word)) & 1) << <u64>n;
      n++;
      word &= word - 1;
    }
    putBits(to, toBit, packed);
    toBit += n;
  }
  return toBit - start;
}
