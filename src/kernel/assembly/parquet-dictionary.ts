// Dictionaries: open addressing over the PLAIN dictionary page itself, which is the store of the entries.
import { BYTES, Column } from './parquet-column';
import { copyShort, equalText, hashText } from './parquet-text';

const FIRST_TABLE_BITS: u32 = 10;
// A probe this long means keys made to collide: the dictionary counts as full.
const MAX_PROBE: i32 = 256;
const K1: u64 = 0x9e3779b97f4a7c15;
const K2: u64 = 0xc2b2ae3d27d4eb4f;

// @ts-ignore: decorator
@inline function slotBytes(c: Column): usize {
  return c.physical == BYTES ? 8 : 4;
}

export function clearDictionary(c: Column): void {
  c.dictionaryCount = 0;
  c.dictionaryLength = 0;
  c.tableBits = min(FIRST_TABLE_BITS, c.maxTableBits);
  memory.fill(<usize>c.table, 0, slotBytes(c) << <usize>c.tableBits);
}

// @ts-ignore: decorator
@inline function hash64(v: u64): u64 {
  return (v ^ (v >> 32)) * K1;
}

// @ts-ignore: decorator
@inline function hashWide(p: usize, width: usize): u64 {
  let h = load<u64>(p) * K1;
  h ^= h >> 32;
  h = (h ^ load<u64>(p + width - 8)) * K2;
  h ^= h >> 32;
  return h * K1;
}

// Doubles the table until half of it stays free; answers false where it may not grow.
function grow(c: Column): bool {
  if (c.tableBits >= c.maxTableBits) return false;
  c.tableBits = min(c.tableBits + 2, c.maxTableBits);
  const table = <usize>c.table;
  const mask = ((<u32>1) << c.tableBits) - 1;
  const shift = <u64>(64 - c.tableBits);
  memory.fill(table, 0, slotBytes(c) << <usize>c.tableBits);
  const dictionary = <usize>c.dictionary;
  const n = c.dictionaryCount;
  if (c.physical == BYTES) {
    const entries = <usize>c.entries;
    for (let i: u32 = 0; i < n; i++) {
      const offset = load<u32>(entries + (<usize>i << 2));
      const at = dictionary + <usize>offset;
      let slot = <u32>(hashText(at + 4, load<i32>(at)) >> shift);
      while (load<u64>(table + (<usize>slot << 3)) != 0) slot = (slot + 1) & mask;
      store<u64>(table + (<usize>slot << 3), <u64>offset | (<u64>(i + 1) << 32));
    }
  } else {
    const width = <usize>c.width;
    for (let i: u32 = 0; i < n; i++) {
      const at = dictionary + <usize>i * width;
      const h = width == 8 ? hash64(load<u64>(at)) : width == 4 ? hash64(<u64>load<u32>(at)) : hashWide(at, width);
      let slot = <u32>(h >> shift);
      while (load<u32>(table + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask;
      store<u32>(table + (<usize>slot << 2), i + 1);
    }
  }
  return true;
}

// Looks `n` values up, entering new ones; writes their indices. Answers false where the dictionary is full: entries stay,
// the indices are of no use.
export function lookupFixed(c: Column, from: usize, n: i32, indices: usize): bool {
  if (c.width == 8) return lookup<u64>(c, from, n, indices);
  if (c.width == 4) return lookup<u32>(c, from, n, indices);
  return lookupWide(c, from, n, indices);
}

function lookup<T>(c: Column, from: usize, n: i32, indices: usize): bool {
  const table = <usize>c.table;
  const dictionary = <usize>c.dictionary;
  let mask = ((<u32>1) << c.tableBits) - 1;
  let shift = <u64>(64 - c.tableBits);
  let count = c.dictionaryCount;
  const limit = c.maxEntries;
  for (let i = 0; i < n; i++) {
    const v = load<T>(from + <usize>i * sizeof<T>());
    let slot = <u32>(hash64(<u64>v) >> shift);
    let probes = 0;
    for (;;) {
      const e = load<u32>(table + (<usize>slot << 2));
      if (e == 0) {
        if (count >= limit) {
          c.dictionaryCount = count;
          c.dictionaryLength = count * sizeof<T>();
          return false;
        }
        store<T>(dictionary + <usize>count * sizeof<T>(), v);
        store<u32>(indices + (<usize>i << 2), count);
        count++;
        store<u32>(table + (<usize>slot << 2), count);
        if (count << 1 > mask) {
          c.dictionaryCount = count;
          grow(c);
          mask = ((<u32>1) << c.tableBits) - 1;
          shift = <u64>(64 - c.tableBits);
        }
        break;
      }
      if (load<T>(dictionary + <usize>(e - 1) * sizeof<T>()) == v) {
        store<u32>(indices + (<usize>i << 2), e - 1);
        break;
      }
      slot = (slot + 1) & mask;
      if (++probes > MAX_PROBE) {
        c.dictionaryCount = count;
        c.dictionaryLength = count * sizeof<T>();
        return false;
      }
    }
  }
  c.dictionaryCount = count;
  c.dictionaryLength = count * sizeof<T>();
  return true;
}

function lookupWide(c: Column, from: usize, n: i32, indices: usize): bool {
  const width = <usize>c.width;
  const table = <usize>c.table;
  const dictionary = <usize>c.dictionary;
  let mask = ((<u32>1) << c.tableBits) - 1;
  let shift = <u64>(64 - c.tableBits);
  for (let i = 0; i < n; i++) {
    const at = from + <usize>i * width;
    let slot = <u32>(hashWide(at, width) >> shift);
    let probes = 0;
    for (;;) {
      const e = load<u32>(table + (<usize>slot << 2));
      if (e == 0) {
        const count = c.dictionaryCount;
        if (count >= c.maxEntries) return false;
        v128.store(dictionary + <usize>count * width, v128.load(at));
        store<u32>(indices + (<usize>i << 2), count);
        store<u32>(table + (<usize>slot << 2), count + 1);
        c.dictionaryCount = count + 1;
        c.dictionaryLength = (count + 1) * <u32>width;
        if ((count + 1) << 1 > mask) {
          grow(c);
          mask = ((<u32>1) << c.tableBits) - 1;
          shift = <u64>(64 - c.tableBits);
        }
        break;
      }
      if (equalText(dictionary + <usize>(e - 1) * width, at, <i32>width)) {
        store<u32>(indices + (<usize>i << 2), e - 1);
        break;
      }
      slot = (slot + 1) & mask;
      if (++probes > MAX_PROBE) return false;
    }
  }
  return true;
}

// The same for texts between offsets.
export function lookupTexts(c: Column, offsets: usize, data: usize, n: i32, indices: usize): bool {
  const table = <usize>c.table;
  const dictionary = <usize>c.dictionary;
  let mask = ((<u32>1) << c.tableBits) - 1;
  let shift = <u64>(64 - c.tableBits);
  let start = load<u32>(offsets);
  for (let i = 0; i < n; i++) {
    const end = load<u32>(offsets + (<usize>i << 2), 4);
    const length = <i32>(end - start);
    const at = data + <usize>start;
    start = end;
    let slot = <u32>(hashText(at, length) >> shift);
    let probes = 0;
    for (;;) {
      const e = load<u64>(table + (<usize>slot << 3));
      if (e == 0) {
        const count = c.dictionaryCount;
        const offset = c.dictionaryLength;
        if (count >= c.maxEntries || <u64>offset + 4 + <u64>length > <u64>c.dictionaryCapacity) return false;
        store<u32>(dictionary + <usize>offset, length);
        copyShort(dictionary + <usize>offset + 4, at, length);
        store<u32>(<usize>c.entries + (<usize>count << 2), offset);
        store<u32>(indices + (<usize>i << 2), count);
        store<u64>(table + (<usize>slot << 3), <u64>offset | (<u64>(count + 1) << 32));
        c.dictionaryCount = count + 1;
        c.dictionaryLength = offset + 4 + <u32>length;
        if ((count + 1) << 1 > mask) {
          grow(c);
          mask = ((<u32>1) << c.tableBits) - 1;
          shift = <u64>(64 - c.tableBits);
        }
        break;
      }
      const entry = dictionary + <usize>(<u32>e);
      if (load<i32>(entry) == length && equalText(entry + 4, at, length)) {
        store<u32>(indices + (<usize>i << 2), <u32>(e >> 32) - 1);
        break;
      }
      slot = (slot + 1) & mask;
      if (++probes > MAX_PROBE) return false;
    }
  }
  return true;
}

// Writes the PLAIN form of `n` indices; answers its length.
export function gather(c: Column, indices: usize, n: i32, to: usize): i32 {
  const start = to;
  const dictionary = <usize>c.dictionary;
  if (c.physical == BYTES) {
    const entries = <usize>c.entries;
    for (let i = 0; i < n; i++) {
      const entry = <usize>load<u32>(indices + (<usize>i << 2));
      const at: usize = dictionary + <usize>load<u32>(entries + (entry << 2));
      const length: usize = <usize>load<u32>(at) + 4;
      copyShort(to, at, <i32>length);
      to += length;
    }
  } else if (c.width == 8) {
    for (let i = 0; i < n; i++) {
      store<u64>(to, load<u64>(dictionary + (<usize>load<u32>(indices + (<usize>i << 2)) << 3)));
      to += 8;
    }
  } else if (c.width == 4) {
    for (let i = 0; i < n; i++) {
      store<u32>(to, load<u32>(dictionary + (<usize>load<u32>(indices + (<usize>i << 2)) << 2)));
      to += 4;
    }
  } else {
    const width = <usize>c.width;
    for (let i = 0; i < n; i++) {
      v128.store(to, v128.load(dictionary + <usize>load<u32>(indices + (<usize>i << 2)) * width));
      to += width;
    }
  }
  return <i32>(to - start);
}

// Writes the bytes of `n` indices of texts one after the other, and their lengths; answers the length of all.
export function gatherTexts(c: Column, indices: usize, n: i32, lengths: usize, to: usize): i32 {
  const start = to;
  const dictionary = <usize>c.dictionary;
  const entries = <usize>c.entries;
  for (let i = 0; i < n; i++) {
    const entry = <usize>load<u32>(indices + (<usize>i << 2));
    const at: usize = dictionary + <usize>load<u32>(entries + (entry << 2));
    const length = load<i32>(at);
    store<i32>(lengths + (<usize>i << 2), length);
    copyShort(to, at + 4, length);
    to += <usize>length;
  }
  return <i32>(to - start);
}
