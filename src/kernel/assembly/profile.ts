// Field index → counters of every column: what its values could be read as. One column at a time, as the casts go.
import {
  CTX_BARE_ESCAPES, CTX_ENDS, CTX_NON_ASCII, CTX_NULLS, CTX_NULL_COUNT, CTX_NULL_LENGTHS, CTX_QUOTE, CTX_ROWS, CTX_ROW_START,
  CTX_SCRATCH, CTX_SLOW, CTX_SLOW_COUNT, CTX_TRIM, CTX_WIDTH,
} from './csv-layout';
import { sameBytes, unescaped } from './csv-cell';
import { decodeTo } from './csv-escape';
import { parseFloat } from './csv-float';
import { parseUuid } from './csv-small';
import { isUtf8 } from './csv-utf8';
import {
  CLASSES, N_GREATEST, N_LEAST, N_SIZE, P_BARE_UUIDS, P_EMPTY, P_FIELDS, P_INVALID, P_ISO_LEAST_YEAR, P_LONGEST, P_NAMED, P_NUMBERS, P_PADDED,
  P_QUOTED_EMPTY, P_UUIDS, WORD_BOOLEAN, WORD_INDEX, WORD_KIND, WORD_NULL,
} from './profile-layout';
import { quickNumber, readNumber } from './profile-number';
import { readCompact, readIso, readTimes } from './profile-time';
import { countWord, findWord } from './profile-words';
export { profileWord } from './profile-words';

// Longest text that may be a number or a time.
const LONGEST_NUMBER: usize = 512;

const OUT: usize = memory.data(64, 16);

// @ts-ignore: decorator
@inline
function bump(at: usize): void { store<u64>(at, load<u64>(at) + 1); }

// Makes a column's zeroed block ready to count.
export function profileOpen(block: usize): void {
  store<u32>(block, u32.MAX_VALUE, P_ISO_LEAST_YEAR);
  for (let i = 0; i < CLASSES; i++) {
    const c = block + P_NUMBERS + <usize>i * N_SIZE;
    store<i64>(c, i64.MAX_VALUE, N_LEAST);
    store<i64>(c, i64.MIN_VALUE, N_GREATEST);
  }
}

// Index of the declared null that [s, e) is, or -1.
function declaredNull(ctx: usize, s: usize, n: usize): i32 {
  const count = load<u32>(ctx, CTX_NULL_COUNT);
  let t = <usize>load<u32>(ctx, CTX_NULLS);
  for (let i: u32 = 0; i < count; i++) {
    if (<usize>load<u32>(t, 4) == n && sameBytes(<usize>load<u32>(t), s, n)) return <i32>i;
    t += 8;
  }
  return -1;
}

// Whether one of the first 64 bytes is a digit.
function hasDigit(s: usize, n: usize): bool {
  for (let k: usize = 0; k < 64 && k < n; k += 16) {
    let m = i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(s + k), i8x16.splat(48)), i8x16.splat(10)));
    if (n - k < 16) m &= (1 << <i32>(n - k)) - 1;
    if (m != 0) return true;
  }
  return false;
}

// A value that is no plain number. True where the host must look whether it is JSON.
function classify(ctx: usize, block: usize, words: usize, s: usize, e: usize, quoted: bool): bool {
  const n = e - s, b = <u32>load<u8>(s);
  const word = findWord(words, s, n);
  if (word != 0) {
    const kind = load<u32>(word, WORD_KIND);
    if (kind & (WORD_NULL | WORD_BOOLEAN)) countWord(block, load<u32>(word, WORD_INDEX) - 1, quoted);
    if (kind & WORD_NULL) return false;
  }
  if (n > load<usize>(block, P_LONGEST)) store<usize>(block, n, P_LONGEST);
  const last = <u32>load<u8>(e - 1);
  if (b == 32 || b == 9 || last == 32 || last == 9) bump(block + P_PADDED);
  if (load<u32>(ctx, CTX_NON_ASCII) && !isUtf8(s, e)) { bump(block + P_INVALID); return false; }
  if ((n == 36 || n == 32) && parseUuid(s, e, OUT) == 0) { bump(block + P_UUIDS); if (n == 32) bump(block + P_BARE_UUIDS); }
  if (b == 123 || b == 91) return true;
  if (n > LONGEST_NUMBER) return false;
  if (n <= 9 && ((b | 0x20) == 105 || (b | 0x20) == 110 || b == 45 || b == 43)) {
    const first = <u32>load<u8>(s + <usize>(b < 48)) | 0x20;
    if ((first == 105 || first == 110) && parseFloat(s, e, OUT, false, 0) == 0) { bump(block + P_NAMED); return false; }
  }
  if (!hasDigit(s, n)) return false;
  if (n >= 10 && load<u8>(s, 4) == 45 && load<u8>(s, 7) == 45) {
    const iso = readIso(ctx, block, s, e, OUT);
    if (iso == 1) return false;
    readTimes(ctx, block, s, e, OUT);
    return false;
  }
  if (n == 15 && load<u8>(s, 8) == 84) readCompact(block, s, n);
  if (!readNumber(ctx, block, words, s, e, OUT)) readTimes(ctx, block, s, e, OUT);
  return false;
}

// One field that is not plain: trimmed, quoted or declared null. True where the host must look at it.
function profileField(ctx: usize, block: usize, words: usize, declared: usize, s: usize, e: usize): bool {
  if (load<u32>(ctx, CTX_TRIM)) {
    while (s < e && (load<u8>(s) == 32 || load<u8>(s) == 9)) s++;
    while (s < e && (load<u8>(e - 1) == 32 || load<u8>(e - 1) == 9)) e--;
  }
  const quote = load<u32>(ctx, CTX_QUOTE);
  const quoted = s != e && <u32>load<u8>(s) == quote;
  if (quoted) {
    const text = unescaped(ctx, s + 1, e - 1);
    s = <usize>(text >> 32);
    e = s + <usize>(text & 0xffffffff);
  }
  const n = e - s;
  if (n == 0) { bump(block + (quoted ? P_QUOTED_EMPTY : P_EMPTY)); return false; }
  if (((load<u64>(ctx, CTX_NULL_LENGTHS) >> (n < 63 ? <u64>n : 63)) & 1) != 0) {
    const i = declaredNull(ctx, s, n);
    if (i >= 0) { bump(declared + (<usize>i << 4) + (<usize>quoted << 3)); return false; }
  }
  if (!quoted && load<u32>(ctx, CTX_BARE_ESCAPES)) {
    const word = findWord(words, s, n);
    if (word != 0 && load<u32>(word, WORD_KIND) == WORD_NULL) { countWord(block, load<u32>(word, WORD_INDEX) - 1, false); return false; }
    const start = <usize>load<u32>(ctx, CTX_SCRATCH);
    e = decodeTo(ctx, start, s, e);
    if (e == 0) { bump(block + P_INVALID); return false; }
    s = start;
  }
  return profileText(ctx, block, words, s, e, quoted);
}

// A value, whatever it was in the file.
// @ts-ignore: decorator
@inline
export function profileText(ctx: usize, block: usize, words: usize, s: usize, e: usize, quoted: bool): bool {
  const n = e - s, b = <u32>load<u8>(s);
  if (n <= 17 && b - 43 < 15 && quickNumber(block, b, e, n)) {
    if (n > load<usize>(block, P_LONGEST)) store<usize>(block, n, P_LONGEST);
    if (n == 1 && b - 48 < 2) countWord(block, b - 48, quoted);
    else if ((n == 8 || n == 14) && b - 49 < 2) readCompact(block, s, n);
    return false;
  }
  return classify(ctx, block, words, s, e, quoted);
}

// Profiles the rows that the scan indexed: `blocks` are `stride` bytes apart, one for each field of a record; counts of the declared
// nulls stand `declared` bytes into each. Fields that the host must look at are listed as pairs of (column, row).
export function csvProfile(ctx: usize, blocks: usize, stride: usize, declared: usize, words: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), width = load<u32>(ctx, CTX_WIDTH), quote = load<u32>(ctx, CTX_QUOTE);
  const index = <usize>load<u32>(ctx, CTX_ENDS), endStride = <usize>width << 2, slow = <usize>load<u32>(ctx, CTX_SLOW);
  const lengths = load<u64>(ctx, CTX_NULL_LENGTHS) & ~(<u64>1);
  const general = (load<u32>(ctx, CTX_TRIM) | load<u32>(ctx, CTX_BARE_ESCAPES)) != 0;
  let slowCount: u32 = 0;
  for (let column: u32 = 0; column < width; column++) {
    const block = blocks + <usize>column * stride;
    let starts = column == 0 ? <usize>load<u32>(ctx, CTX_ROW_START) : index + (<usize>(column - 1) << 2);
    const step: usize = column == 0 ? 4 : endStride, add: usize = column == 0 ? 0 : 1;
    let ends = index + (<usize>column << 2);
    let empty: u64 = 0;
    for (let row: u32 = 0; row < rows; row++) {
      const s = <usize>load<u32>(starts) + add, e = <usize>load<u32>(ends), n = e - s;
      starts += step; ends += endStride;
      if (n == 0) { empty++; continue; }
      let look: bool;
      if (general || <u32>load<u8>(s) == quote || ((lengths >> (n < 63 ? <u64>n : 63)) & 1) != 0) look = profileField(ctx, block, words, block + declared, s, e);
      else look = profileText(ctx, block, words, s, e, false);
      if (look) {
        const t = slow + (<usize>slowCount << 3);
        store<u32>(t, column);
        store<u32>(t, row, 4);
        slowCount++;
      }
    }
    store<u64>(block, load<u64>(block, P_FIELDS) + <u64>rows, P_FIELDS);
    store<u64>(block, load<u64>(block, P_EMPTY) + empty, P_EMPTY);
  }
  store<u32>(ctx, slowCount, CTX_SLOW_COUNT);
}
