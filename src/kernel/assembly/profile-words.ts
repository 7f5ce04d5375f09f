// Words that mean something as a whole field, or beside a number: looked up by hash.
import { P_WORDS, WORD_BYTES, WORD_INDEX, WORD_KIND, WORD_SLOTS, WORD_SLOT_SIZE } from './profile-layout';

// 16 bytes of 0xff, then 16 of 0: loaded at 16 − n it keeps the first n bytes of a vector.
const KEEP_FIRST: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

// The slot of a word in the table, or 0. Reads 16 bytes.
export function findWord(words: usize, s: usize, n: usize): usize {
  if (n > <usize>WORD_BYTES) return 0;
  const text = v128.and(v128.load(s), v128.load(KEEP_FIRST + 16 - n));
  let i = hashWord(i64x2.extract_lane(text, 0), i64x2.extract_lane(text, 1));
  let slot = words + <usize>i * WORD_SLOT_SIZE;
  while (load<u32>(slot, WORD_INDEX) != 0 && !i8x16.all_true(i8x16.eq(v128.load(slot), text))) {
    i = (i + 1) & (WORD_SLOTS - 1);
    slot = words + <usize>i * WORD_SLOT_SIZE;
  }
  return load<u32>(slot, WORD_INDEX) != 0 ? slot : 0;
}

// @ts-ignore: decorator
@inline
function hashWord(a: u64, b: u64): u32 { return <u32>(((a ^ (b * 0xff51afd7ed558ccd)) * 0x9e3779b97f4a7c15) >> 54); }

// Puts a word into the table. The text must not be there yet.
export function profileWord(words: usize, s: usize, n: usize, index: u32, kind: u32): void {
  const text = v128.and(v128.load(s), v128.load(KEEP_FIRST + 16 - n));
  let i = hashWord(i64x2.extract_lane(text, 0), i64x2.extract_lane(text, 1));
  while (load<u32>(words + <usize>i * WORD_SLOT_SIZE, WORD_INDEX) != 0) i = (i + 1) & (WORD_SLOTS - 1);
  const slot = words + <usize>i * WORD_SLOT_SIZE;
  v128.store(slot, text);
  store<u32>(slot, index + 1, WORD_INDEX);
  store<u32>(slot, kind, WORD_KIND);
}

// Counts a word of a column.
// @ts-ignore: decorator
@inline
export function countWord(block: usize, index: u32, quoted: bool): void {
  const at = block + P_WORDS + (<usize>index << 4) + (<usize>quoted << 3);
  store<u64>(at, load<u64>(at) + 1);
}
