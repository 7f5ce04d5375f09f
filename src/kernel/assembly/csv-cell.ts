// What becomes of a cell that is no plain value: null, bad, or left to the host.
import {
  COL_NULLABLE, COL_NULLS, COL_RANK, COL_VALIDITY, CTX_BAD, CTX_BAD_COUNT, CTX_NULLS, CTX_NULL_COUNT, CTX_REJECTS, CTX_REJECT_COUNT,
  CTX_ROW_END, CTX_ROW_LINE, CTX_ROW_START, CTX_SLOW, CTX_SLOW_COUNT, REJECT_CODE, REJECT_COLUMN, REJECT_COUNT, REJECT_FLAGS,
  REJECT_LENGTH, REJECT_LINE, REJECT_OFFSET, REJECT_ROW, REJECT_SIZE, STATUS_NULL, STATUS_SLOW, STATUS_RANGE, STATUS_LOSS, ON_LOSS_NULL, COL_ON_LOSS, CTX_SCRATCH,
  CTX_QUOTE, CTX_ESCAPE,
} from './csv-layout';

// Longest inside of a quoted field that is unescaped into the scratch area.
export const SCRATCH_TEXT: usize = 4096;

export function sameBytes(a: usize, b: usize, n: usize): bool {
  while (n >= 8) { if (load<u64>(a) != load<u64>(b)) return false; a += 8; b += 8; n -= 8; }
  while (n > 0) { if (load<u8>(a) != load<u8>(b)) return false; a++; b++; n--; }
  return true;
}

// Whether [s, e) is one of the null spellings.
export function isNullText(ctx: usize, s: usize, e: usize): bool {
  const count = load<u32>(ctx, CTX_NULL_COUNT), n = e - s;
  let t = <usize>load<u32>(ctx, CTX_NULLS);
  for (let i: u32 = 0; i < count; i++) {
    if (<usize>load<u32>(t, 4) == n && sameBytes(<usize>load<u32>(t), s, n)) return true;
    t += 8;
  }
  return false;
}

// The text of a quoted field's inside [s, e), unescaped into the scratch area where it has escapes. Returns address << 32 | length.
export function unescaped(ctx: usize, s: usize, e: usize): u64 {
  const quote = load<u32>(ctx, CTX_QUOTE), escape = load<u32>(ctx, CTX_ESCAPE);
  let x = s;
  while (x < e && <u32>load<u8>(x) != escape) x++;
  if (x >= e) return (<u64>s << 32) | <u64>(e - s);
  const start = <usize>load<u32>(ctx, CTX_SCRATCH);
  const w = unescapeTo(start, s, e, quote, escape);
  return (<u64>start << 32) | <u64>(w - start);
}

// Copies the inside of a quoted field without its escapes; returns the end of the copy.
export function unescapeTo(w: usize, s: usize, e: usize, quote: u32, escape: u32): usize {
  const ve = i8x16.splat(<i8>escape);
  while (s < e) {
    // Sixteen at a time up to the next escape; a store may run past, and is overwritten or lies in padding.
    const v = v128.load(s);
    v128.store(w, v);
    const left = e - s;
    const m = <u32>i8x16.bitmask(i8x16.eq(v, ve));
    const k = m != 0 ? <usize>ctz(m) : 16;
    if (k >= left) return w + left;
    w += k; s += k;
    if (k == 16) continue;
    const next = <u32>load<u8>(s, 1);
    if (s + 1 < e && (next == quote || next == escape)) { store<u8>(w, <u8>next); w++; s += 2; }
    else { store<u8>(w, <u8>escape); w++; s++; }
  }
  return w;
}

// Marks a row bad; of several columns the first in the record decides.
export function rejectCell(ctx: usize, col: usize, row: u32, status: i32): void {
  const slot = <usize>load<u32>(ctx, CTX_BAD) + (<usize>row << 2), bad = load<u32>(slot), rank = load<u32>(col, COL_RANK);
  if (bad != 0) {
    const before = <usize>load<u32>(ctx, CTX_REJECTS) + <usize>(bad - 1) * REJECT_SIZE;
    if (load<u32>(before, REJECT_COLUMN) <= rank) return;
    store<u32>(before, rank, REJECT_COLUMN);
    store<u32>(before, <u32>status, REJECT_CODE);
    return;
  }
  const i = load<u32>(ctx, CTX_REJECT_COUNT);
  store<u32>(slot, i + 1);
  store<u32>(ctx, i + 1, CTX_REJECT_COUNT);
  store<u32>(ctx, load<u32>(ctx, CTX_BAD_COUNT) + 1, CTX_BAD_COUNT);
  const r = <usize>load<u32>(ctx, CTX_REJECTS) + <usize>i * REJECT_SIZE, at = <usize>row << 2;
  const start = load<u32>(<usize>load<u32>(ctx, CTX_ROW_START) + at);
  store<u32>(r, start, REJECT_OFFSET);
  store<u32>(r, load<u32>(<usize>load<u32>(ctx, CTX_ROW_END) + at) - start, REJECT_LENGTH);
  store<u32>(r, load<u32>(<usize>load<u32>(ctx, CTX_ROW_LINE) + at), REJECT_LINE);
  store<u32>(r, rank, REJECT_COLUMN);
  store<u32>(r, <u32>status, REJECT_CODE);
  store<u32>(r, 0, REJECT_COUNT);
  store<u32>(r, 0, REJECT_FLAGS);
  store<u32>(r, row, REJECT_ROW);
}

// A cell that is not a plain value; its slot is zero already.
export function settleCell(ctx: usize, col: usize, row: u32, status: i32): void {
  if (status == STATUS_SLOW) {
    const i = load<u32>(ctx, CTX_SLOW_COUNT);
    const t = <usize>load<u32>(ctx, CTX_SLOW) + (<usize>i << 3);
    store<u32>(t, load<u32>(col, COL_RANK));
    store<u32>(t, row, 4);
    store<u32>(ctx, i + 1, CTX_SLOW_COUNT);
    return;
  }
  const lost = (status == STATUS_RANGE || status == STATUS_LOSS) && load<u32>(col, COL_ON_LOSS) == ON_LOSS_NULL;
  if ((status == STATUS_NULL || lost) && load<u32>(col, COL_NULLABLE)) {
    const v = <usize>load<u32>(col, COL_VALIDITY) + <usize>(row >> 3);
    store<u8>(v, load<u8>(v) & ~(<u8>1 << <u8>(row & 7)));
    store<u32>(col, load<u32>(col, COL_NULLS) + 1, COL_NULLS);
    return;
  }
  rejectCell(ctx, col, row, status);
}
