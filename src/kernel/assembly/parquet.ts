// The Parquet loops: rows into pages. One call takes as many rows of one column as its open page holds.
import {
  BITS, BLOCK, BYTES, Column, COPY, ENCODING_DELTA, ENCODING_DELTA_LENGTH, ENCODING_DICTIONARY, ENCODING_PLAIN, FLAG_DELTA, FLAG_DICTIONARY,
  FLAG_NULLABLE, FLAG_RUNS, MODE_DICTIONARY, MODE_PLAIN, STATUS_DONE, STATUS_FULL, STATUS_OVERFLOW, STATUS_OVERSIZE,
} from './parquet-column';
import { compact, compact128, compactBits, copyBits, countBits, setBits } from './parquet-compact';
import { convert } from './parquet-convert';
import { clearDictionary, gather, gatherTexts, lookupFixed, lookupTexts } from './parquet-dictionary';
import { boundFixed, boundText, boundTexts, clearBounds } from './parquet-statistics';
import { bitWidth, packHybrid, packLevels } from './parquet-pack';
import { copyShort } from './parquet-text';
import { packDelta } from './parquet-delta';
import { dictionaryPays } from './parquet-choice';

const FIRST_CHECK: u32 = 1024;
const CONVERTED: usize = 1024 * 16 + 64; // offset of the second scratch area

export function parquetColumnBytes(): i32 {
  return <i32>offsetof<Column>();
}

// Starts a chunk. `expectedRows` is a guess at its rows, for the choice of encoding only.
export function parquetChunkBegin(p: usize, expectedRows: u32): void {
  const c = changetype<Column>(p);
  c.dictionaryPages = 0;
  c.leaving = 0;
  c.refuseDelta = 0;
  c.total = 0;
  c.totalPlain = 0;
  c.nextCheck = FIRST_CHECK;
  c.expectedRows = expectedRows;
  c.mode = c.flags & FLAG_DICTIONARY ? MODE_DICTIONARY : MODE_PLAIN;
  if (c.mode == MODE_DICTIONARY) clearDictionary(c);
  else c.dictionaryCount = 0;
  openPage(c);
}

function openPage(c: Column): void {
  c.rows = 0;
  c.values = 0;
  c.nulls = 0;
  c.plainLength = 0;
  clearBounds(c);
}

// Appends rows `from` to `to`; `validity` is 0 where the batch has no nulls. Answers the first row not taken, and says
// in `status` why.
export function parquetAppend(p: usize, values: usize, data: usize, validity: usize, from: i32, to: i32): i32 {
  const c = changetype<Column>(p);
  while (from < to) {
    if (c.leaving) {
      c.status = STATUS_FULL;
      return from;
    }
    let n = min(min(BLOCK, to - from), <i32>(c.maxRows - c.rows));
    n = fit(c, values, from, n);
    if (n <= 0) {
      if (c.mode == MODE_DICTIONARY && c.dictionaryPages == 0 && c.values > 0 && !dictionaryPays(c, false)) unwind(c);
      c.status = c.rows == 0 ? STATUS_OVERSIZE : STATUS_FULL;
      return from;
    }
    if (!takeBlock(c, values, data, validity, from, n)) {
      if (c.status == STATUS_OVERFLOW) return from;
      leaveDictionary(c); // and take the same rows again
      continue;
    }
    from += n;
  }
  c.status = STATUS_DONE;
  if (c.mode == MODE_DICTIONARY && c.total >= c.nextCheck) {
    c.nextCheck = c.total << 1;
    if (!dictionaryPays(c, false)) leaveDictionary(c);
  }
  return from;
}

// How many of `n` rows the open page still holds, as if all were PLAIN and none null.
function fit(c: Column, values: usize, from: i32, n: i32): i32 {
  const room = <i32>(c.pageCapacity - c.plainLength);
  if (c.physical == BITS) return n;
  if (c.physical != BYTES) return min(n, room / <i32>c.width);
  const at = values + (<usize>from << 2);
  const start = load<u32>(at);
  if (<u64>(load<u32>(at + (<usize>n << 2)) - start) + <u64>(n << 2) <= <u64>room) return n;
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (<u64>(load<u32>(at + (<usize>middle << 2)) - start) + <u64>(middle << 2) <= <u64>room) low = middle;
    else high = middle - 1;
  }
  return low;
}

// Takes `n` ≤ BLOCK rows that fit; answers false, with nothing taken, where the dictionary is full or a value overflows.
function takeBlock(c: Column, values: usize, data: usize, validity: usize, from: i32, n: i32): bool {
  const some = validity != 0;
  const scratch = <usize>c.scratch;
  let m = n;
  if (c.physical == BITS) {
    const to = <usize>c.page;
    if (some) m = compactBits(values, validity, from, n, to, c.values);
    else copyBits(to, c.values, values, from, n);
    if (m > 0) {
      const ones = countBits(to, c.values, m);
      if (c.bounded == 0) {
        c.minInteger = 1;
        c.maxInteger = 0;
        c.bounded = 1;
      }
      if (ones < m) c.minInteger = 0;
      if (ones > 0) c.maxInteger = 1;
    }
    c.plainLength = (c.values + <u32>m + 7) >> 3;
  } else if (c.physical == BYTES) {
    let offsets = values + (<usize>from << 2);
    const length = load<u32>(offsets + (<usize>n << 2)) - load<u32>(offsets);
    if (some) {
      m = compact<u32>(offsets, validity, from, n, scratch);
      store<u32>(scratch + (<usize>m << 2), load<u32>(offsets + (<usize>n << 2)));
      offsets = scratch;
    }
    if (c.mode == MODE_DICTIONARY) {
      if (!lookupTexts(c, offsets, data, m, <usize>c.page + (<usize>c.values << 2))) return false;
    } else {
      boundTexts(c, offsets, data, m);
      if (c.flags & FLAG_DELTA) {
        // a null has no bytes, so those of the block lie side by side
        putLengths(offsets, m, <usize>c.table + (<usize>c.values << 2));
        const at = <usize>c.page + <usize>(c.plainLength - (c.values << 2));
        memory.copy(at, data + <usize>load<u32>(offsets), <usize>length);
      } else putTexts(offsets, data, m, <usize>c.page + <usize>c.plainLength);
    }
    c.plainLength += length + (<u32>m << 2);
    c.totalPlain += <f64>(length + (<u32>m << 2));
  } else {
    let at: usize;
    const wide = c.convert == COPY ? c.width : storageWidth(c);
    at = values + <usize>from * <usize>wide;
    if (some) {
      if (wide == 8) m = compact<u64>(at, validity, from, n, scratch);
      else if (wide == 4) m = compact<u32>(at, validity, from, n, scratch);
      else if (wide == 16) m = compact128(at, validity, from, n, scratch);
      else if (wide == 2) m = compact<u16>(at, validity, from, n, scratch);
      else m = compact<u8>(at, validity, from, n, scratch);
      at = scratch;
    }
    if (c.convert != COPY) {
      if (!convert(c.convert, c.width, at, m, scratch + CONVERTED)) {
        c.status = STATUS_OVERFLOW;
        return false;
      }
      at = scratch + CONVERTED;
    }
    if (c.mode == MODE_DICTIONARY) {
      if (!lookupFixed(c, at, m, <usize>c.page + (<usize>c.values << 2))) return false;
    } else memory.copy(<usize>c.page + <usize>c.plainLength, at, <usize>m * <usize>c.width);
    boundFixed(c, at, m);
    c.plainLength += <u32>m * c.width;
    c.totalPlain += <f64>(<u32>m * c.width);
  }
  if (c.flags & FLAG_NULLABLE) {
    if (m < n && c.nulls == 0) setBits(<usize>c.levels, 0, c.rows);
    if (m < n) copyBits(<usize>c.levels, c.rows, validity, from, n);
    else if (c.nulls != 0) setBits(<usize>c.levels, c.rows, n);
    c.nulls += <u32>(n - m);
  }
  c.rows += <u32>n;
  c.values += <u32>m;
  c.total += <u32>m;
  return true;
}

// Bytes of a stored value, before conversion: 1 and 2 for the narrow integers, 4 and 8 for seconds, 16 for decimals.
// @ts-ignore: decorator
@inline function storageWidth(c: Column): u32 {
  const kind = c.convert;
  return kind <= 2 ? 1 : kind <= 4 ? 2 : kind == 5 ? 4 : kind == 6 ? 8 : 16;
}

function putLengths(offsets: usize, n: i32, to: usize): void {
  for (let i = 0; i < n; i += 4) {
    v128.store(to, i32x4.sub(v128.load(offsets, 4), v128.load(offsets)));
    offsets += 16;
    to += 16;
  }
}

function putTexts(offsets: usize, data: usize, n: i32, to: usize): void {
  let start = load<u32>(offsets);
  for (let i = 0; i < n; i++) {
    const end = load<u32>(offsets + (<usize>i << 2), 4);
    const length = <usize>(end - start);
    const at = data + <usize>start;
    store<u32>(to, <u32>length);
    to += 4;
    copyShort(to, at, <i32>length);
    to += length;
    start = end;
  }
}

// Ends the use of the dictionary: the open page becomes PLAIN where no page refers to the dictionary yet, else it is
// closed as it is.
function leaveDictionary(c: Column): void {
  if (c.dictionaryPages == 0) unwind(c);
  else c.leaving = 1;
}

function unwind(c: Column): void {
  if (c.physical == BYTES) boundUsed(c);
  const apart = c.physical == BYTES && (c.flags & FLAG_DELTA) != 0;
  const length = apart
    ? gatherTexts(c, <usize>c.page, c.values, <usize>c.table, <usize>c.scratchPage)
    : gather(c, <usize>c.page, c.values, <usize>c.scratchPage);
  memory.copy(<usize>c.page, <usize>c.scratchPage, <usize>length);
  c.mode = MODE_PLAIN;
  c.dictionaryCount = 0;
  c.dictionaryLength = 0;
}

// Bounds of the texts that the open page's indices name, each entry looked at once.
function boundUsed(c: Column): void {
  const marks = <usize>c.scratchPage;
  const count = c.dictionaryCount;
  memory.fill(marks, 0, <usize>count);
  const indices = <usize>c.page;
  for (let i: u32 = 0; i < c.values; i++) store<u8>(marks + <usize>load<u32>(indices + (<usize>i << 2)), 1);
  for (let i: u32 = 0; i < count; i++) {
    if (load<u8>(marks + <usize>i) == 0) continue;
    const at = <usize>c.dictionary + <usize>load<u32>(<usize>c.entries + (<usize>i << 2));
    boundText(c, at + 4, load<i32>(at));
  }
}

// The chunk ends: settles the choice for the open page, which the host then closes.
export function parquetChunkEnd(p: usize): void {
  const c = changetype<Column>(p);
  if (c.mode == MODE_DICTIONARY && c.dictionaryPages == 0 && (c.values == 0 || !dictionaryPays(c, true))) unwind(c);
}

// Encodes the open page: `outAddress`, `outLength` and `outEncoding` say where and how. The bounds stay readable until
// `parquetPageNext`.
export function parquetPageEnd(p: usize): void {
  const c = changetype<Column>(p);
  const encoded = <usize>c.scratchPage + <usize>c.levelsReserve;
  let start = <usize>c.page;
  let length = <usize>c.plainLength;
  c.outEncoding = ENCODING_PLAIN;
  if (c.values == 0) {
    length = 0;
  } else if (c.mode == MODE_DICTIONARY) {
    if (c.physical == BYTES) boundUsed(c);
    const width = bitWidth(c.dictionaryCount == 0 ? 0 : c.dictionaryCount - 1);
    store<u8>(encoded, <u8>width);
    const runs = (c.flags & FLAG_RUNS) != 0 || width <= 8;
    start = encoded;
    length = packHybrid(<usize>c.page, c.values, width, runs, encoded + 1) - encoded;
    c.outEncoding = ENCODING_DICTIONARY;
    c.dictionaryPages++;
  } else if ((c.flags & FLAG_DELTA) != 0 && c.physical == BYTES) {
    const end = packDelta(<usize>c.table, c.values, 4, encoded, <usize>c.scratch, <usize>c.scratch + 2048);
    const bytes = length - (<usize>c.values << 2);
    memory.copy(end, start, bytes);
    start = encoded;
    length = end - encoded + bytes;
    c.outEncoding = ENCODING_DELTA_LENGTH;
  } else if ((c.flags & FLAG_DELTA) != 0 && c.refuseDelta == 0 && c.values > 1) {
    const end = packDelta(start, c.values, <i32>c.width, encoded, <usize>c.scratch, <usize>c.scratch + 2048);
    if (<f64>(end - encoded) < <f64>length * 0.9) {
      start = encoded;
      length = end - encoded;
      c.outEncoding = ENCODING_DELTA;
    } else c.refuseDelta = 1;
  }
  c.levelsLength = 0;
  if (c.flags & FLAG_NULLABLE) {
    const levels = <usize>c.scratch;
    let end = levels;
    if (c.nulls == 0 || c.values == 0) {
      end = putRun(levels, c.rows, c.nulls == 0 ? 1 : 0);
    } else end = packLevels(<usize>c.levels, c.rows, levels);
    const size = end - levels;
    start -= size + 4;
    store<u32>(start, <u32>size);
    memory.copy(start + 4, levels, size);
    length += size + 4;
    c.levelsLength = <u32>size + 4;
  }
  c.outAddress = <u32>start;
  c.outLength = <u32>length;
}

function putRun(to: usize, rows: u32, level: u8): usize {
  let v = rows << 1;
  while (v >= 0x80) {
    store<u8>(to++, <u8>(v | 0x80));
    v >>= 7;
  }
  store<u8>(to++, <u8>v);
  store<u8>(to++, level);
  return to;
}

// Opens the next page.
export function parquetPageNext(p: usize): void {
  const c = changetype<Column>(p);
  if (c.leaving) {
    c.leaving = 0;
    c.mode = MODE_PLAIN;
  }
  openPage(c);
}

// Lays the column's plan down in its state, before the first chunk.
export function parquetColumnOpen(
  p: usize, physical: u32, kind: u32, width: u32, flags: u32, page: usize, pageCapacity: u32, maxRows: u32,
  levels: usize, levelsReserve: u32, dictionary: usize, dictionaryCapacity: u32, entries: usize, maxEntries: u32,
  table: usize, maxTableBits: u32, scratch: usize, scratchPage: usize, bounds: usize,
): void {
  const c = changetype<Column>(p);
  c.physical = physical;
  c.convert = kind;
  c.width = width;
  c.flags = flags;
  c.page = <u32>page;
  c.pageCapacity = pageCapacity;
  c.maxRows = maxRows;
  c.levels = <u32>levels;
  c.levelsReserve = levelsReserve;
  c.dictionary = <u32>dictionary;
  c.dictionaryCapacity = dictionaryCapacity;
  c.entries = <u32>entries;
  c.maxEntries = maxEntries;
  c.table = <u32>table;
  c.maxTableBits = maxTableBits;
  c.scratch = <u32>scratch;
  c.scratchPage = <u32>scratchPage;
  c.minAddress = <u32>bounds;
  c.maxAddress = <u32>(bounds + 128);
  parquetChunkBegin(p, 0);
}

// The loops alone, for their oracles.
export function parquetHybrid(from: usize, n: i32, width: i32, runs: i32, to: usize): i32 {
  return <i32>(packHybrid(from, n, width, runs != 0, to) - to);
}

export function parquetDelta(from: usize, n: i32, width: i32, to: usize, scratch: usize): i32 {
  return <i32>(packDelta(from, n, width, to, scratch, scratch + 2048) - to);
}

export function parquetLevels(bitmap: usize, rows: i32, to: usize): i32 {
  return <i32>(packLevels(bitmap, rows, to) - to);
}
