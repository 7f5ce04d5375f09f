// Takes bad rows out of the columns.
import {
  COL_ALIAS, COL_DATA, COL_NULLS, COL_SIZE, COL_VALIDITY, COL_VALUES, COL_WIDTH, CTX_BAD, CTX_BAD_COUNT, CTX_COLUMNS, CTX_COLUMN_COUNT,
  CTX_REJECT_BYTES, CTX_ROWS, CTX_ROW_BYTES, CTX_ROW_END, CTX_ROW_LINE, CTX_ROW_START, WIDTH_BITS, WIDTH_BYTES,
} from './csv-layout';

// Moves n bits from bit `from` to bit `to` (to ≤ from) of the bitmap at p.
function moveBits(p: usize, from: u32, to: u32, n: u32): void {
  while (n > 0 && (to & 7) != 0) {
    const bit = (load<u8>(p + <usize>(from >> 3)) >> <u8>(from & 7)) & 1;
    const t = p + <usize>(to >> 3), k = <u8>(to & 7);
    store<u8>(t, (load<u8>(t) & ~(<u8>1 << k)) | (bit << k));
    from++; to++; n--;
  }
  while (n >= 32) {
    store<u32>(p + <usize>(to >> 3), <u32>(load<u64>(p + <usize>(from >> 3)) >> <u64>(from & 7)));
    from += 32; to += 32; n -= 32;
  }
  while (n > 0) {
    const bit = (load<u8>(p + <usize>(from >> 3)) >> <u8>(from & 7)) & 1;
    const t = p + <usize>(to >> 3), k = <u8>(to & 7);
    store<u8>(t, (load<u8>(t) & ~(<u8>1 << k)) | (bit << k));
    from++; to++; n--;
  }
}

// @ts-ignore: decorator
@inline
function isBad(bad: usize, row: u32): bool { return load<u32>(bad + (<usize>row << 2)) != 0; }

// Removes the rows marked in CTX_BAD from every column; returns the rows left.
export function csvCompact(ctx: usize): u32 {
  const rows = load<u32>(ctx, CTX_ROWS), bad = <usize>load<u32>(ctx, CTX_BAD);
  if (load<u32>(ctx, CTX_BAD_COUNT) == 0) return rows;
  const rowStart = <usize>load<u32>(ctx, CTX_ROW_START), rowEnd = <usize>load<u32>(ctx, CTX_ROW_END), rowLine = <usize>load<u32>(ctx, CTX_ROW_LINE);
  let col = <usize>load<u32>(ctx, CTX_COLUMNS);
  const count = load<u32>(ctx, CTX_COLUMN_COUNT);
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count; i++, col += COL_SIZE) {
    const alias = <usize>load<u32>(col, COL_ALIAS);
    if (alias != 0) { store<u32>(col, load<u32>(alias, COL_NULLS), COL_NULLS); continue; }
    const width = load<u32>(col, COL_WIDTH), values = <usize>load<u32>(col, COL_VALUES), validity = <usize>load<u32>(col, COL_VALIDITY);
    const data = <usize>load<u32>(col, COL_DATA), nulls = load<u32>(col, COL_NULLS);
    let to: u32 = 0, bytes: u32 = 0;
    for (let row: u32 = 0; row < rows; ) {
      if (isBad(bad, row)) { row++; continue; }
      const from = row;
      while (row < rows && !isBad(bad, row)) row++;
      const n = row - from;
      if (width == WIDTH_BYTES) {
        const first = load<u32>(values + (<usize>from << 2)), last = load<u32>(values + (<usize>row << 2)), less = first - bytes;
        if (less != 0) memory.copy(data + <usize>bytes, data + <usize>first, <usize>(last - first));
        for (let k: u32 = 1; k <= n; k++) {
          const offset = load<u32>(values + (<usize>(from + k) << 2)) - less;
          store<u32>(values + (<usize>(to + k) << 2), offset);
        }
        bytes += last - first;
      } else if (width == WIDTH_BITS) moveBits(values, from, to, n);
      else if (from != to) memory.copy(values + <usize>to * <usize>width, values + <usize>from * <usize>width, <usize>n * <usize>width);
      if (nulls != 0) moveBits(validity, from, to, n);
      to += n;
    }
    kept = to;
    if (nulls != 0) {
      let ones: u32 = 0, k: u32 = 0;
      for (; k + 32 <= kept; k += 32) ones += <u32>popcnt(load<u32>(validity + <usize>(k >> 3)));
      if (k < kept) ones += <u32>popcnt(load<u32>(validity + <usize>(k >> 3)) & ((1 << (kept - k)) - 1));
      store<u32>(col, kept - ones, COL_NULLS);
    }
  }
  let gone: u32 = 0, k: usize = 0;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const at = row << 2, start = load<u32>(rowStart + at), end = load<u32>(rowEnd + at);
    if (isBad(bad, <u32>row)) { gone += end - start; continue; }
    store<u32>(rowStart + (k << 2), start);
    store<u32>(rowLine + (k << 2), load<u32>(rowLine + at));
    k++;
  }
  store<u32>(ctx, load<u32>(ctx, CTX_ROW_BYTES) - gone, CTX_ROW_BYTES);
  store<u32>(ctx, load<u32>(ctx, CTX_REJECT_BYTES) + gone, CTX_REJECT_BYTES);
  return <u32>k;
}
