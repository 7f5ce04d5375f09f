// Messages of PostgreSQL's protocol → cells of rows: DataRow, and CopyData of COPY … (FORMAT binary). PostgreSQL documentation, "Message
// Formats" and "COPY", section "Binary Format". Nothing here reads beyond the bytes it was given, whatever they say.
import {
  CTX_HEADER_BYTES, CTX_MAX_ROW, CTX_NEXT, CTX_ROWS, CTX_ROW_BYTES, CTX_ROW_CAP, CTX_ROW_END, CTX_ROW_START, CTX_STOP, CTX_TEXT, CTX_TO, CTX_WIDTH,
  STOP_FULL, STOP_STARVED,
} from './csv-layout';
import {
  COPY_ENDED, COPY_HEADER, COPY_TUPLES, CTX_CELLS, CTX_COPY, CTX_FAULT, CTX_FOUND, CTX_LENGTHS, CTX_WANTED, FAULT_COPY, FAULT_FIELD, FAULT_FIELDS,
  FAULT_HEADER, FAULT_LENGTH, FAULT_ROW, STOP_BROKEN, STOP_LONG, STOP_MESSAGE,
} from './wire-layout';

const COPY_DATA: u32 = 100;
const DATA_ROW: u32 = 68;
/** `PGCOPY\n\377\r\n\0`, flags, length of the extension. */
const HEADER_BYTES: usize = 19;

export function wireFault(ctx: usize, fault: u32, found: u32, wanted: u32): u32 {
  store<u32>(ctx, fault, CTX_FAULT);
  store<u32>(ctx, found, CTX_FOUND);
  store<u32>(ctx, wanted, CTX_WANTED);
  return STOP_BROKEN;
}

// Bytes of the header of a binary COPY at [p, end), or 0 where there is none.
function copyHeader(p: usize, end: usize): usize {
  if (end - p < HEADER_BYTES) return 0;
  if (load<u64>(p) != 0xff0a59504f434750 || (load<u32>(p, 7) != 0x000a0dff)) return 0;
  // The high half are features that must be understood; none is.
  if (load<u16>(p, 11) != 0) return 0;
  const extension = <usize>bswap(load<u32>(p, 15));
  return extension > end - p - HEADER_BYTES ? 0 : HEADER_BYTES + extension;
}

// Goes on where CTX_NEXT stands, up to CTX_TO, adding to the rows there are.
export function wireScanPostgres(ctx: usize): void {
  const width = load<u32>(ctx, CTX_WIDTH), cap = load<u32>(ctx, CTX_ROW_CAP), to = <usize>load<u32>(ctx, CTX_TO);
  const most = load<u32>(ctx, CTX_MAX_ROW), text = load<u32>(ctx, CTX_TEXT);
  const lengths = <usize>load<u32>(ctx, CTX_LENGTHS);
  const starts = <usize>load<u32>(ctx, CTX_ROW_START), ends = <usize>load<u32>(ctx, CTX_ROW_END);
  let p = <usize>load<u32>(ctx, CTX_NEXT), rows = load<u32>(ctx, CTX_ROWS), bytes = load<u32>(ctx, CTX_ROW_BYTES);
  let copy = load<u32>(ctx, CTX_COPY), header = load<u32>(ctx, CTX_HEADER_BYTES);
  let out = <usize>load<u32>(ctx, CTX_CELLS) + ((<usize>rows * <usize>width) << 3), stop: u32 = STOP_FULL;
  while (rows < cap && bytes < text) {
    if (to - p < 5) { stop = STOP_STARVED; break; }
    const type = <u32>load<u8>(p), length = bswap(load<u32>(p, 1));
    if (type != COPY_DATA && type != DATA_ROW) { stop = STOP_MESSAGE; break; }
    if (length < 4) { stop = wireFault(ctx, FAULT_LENGTH, length, 4); break; }
    if (length - 4 > most) { stop = STOP_LONG; store<u32>(ctx, length - 4, CTX_FOUND); break; }
    if (to - p - 1 < <usize>length) { stop = STOP_STARVED; break; }
    const end = p + 1 + <usize>length;
    let q = p + 5, start = p;
    if (type == COPY_DATA) {
      if (copy == COPY_HEADER) {
        const n = copyHeader(q, end);
        if (n == 0) { stop = wireFault(ctx, FAULT_HEADER, <u32>(end - q), <u32>HEADER_BYTES); break; }
        copy = COPY_TUPLES;
        q += n;
        header += <u32>(q - p);
        start = q;
        if (q == end) { p = end; continue; }
      } else if (copy != COPY_TUPLES) { stop = wireFault(ctx, FAULT_COPY, copy, COPY_TUPLES); break; }
      if (end - q == 2 && load<u16>(q) == 0xffff) {
        copy = COPY_ENDED;
        header += <u32>(end - start);
        p = end;
        continue;
      }
    }
    if (end - q < 2) { stop = wireFault(ctx, FAULT_ROW, <u32>(end - q), 2); break; }
    const count = <u32>bswap(load<u16>(q));
    if (count != width) { stop = wireFault(ctx, FAULT_FIELDS, count, width); break; }
    q += 2;
    let cell = out, k = width, usual = lengths;
    for (; k != 0; k--) {
      if (end - q < 4) break;
      const length = load<u32>(q);
      q += 4;
      // Where a column has its usual length, the next one is known without waiting for this one's.
      const n = length == load<u32>(usual) ? load<u32>(usual, 4) : bswap(length);
      usual += 8;
      if (n <= <u32>(end - q)) {
        store<u64>(cell, <u64>q | (<u64>(q + <usize>n) << 32));
        q += <usize>n;
      } else if (n == 0xffffffff) store<u64>(cell, 0);
      else break;
      cell += 8;
    }
    if (k != 0) { stop = wireFault(ctx, FAULT_FIELD, width - k + 1, width); break; }
    if (q != end) { stop = wireFault(ctx, FAULT_ROW, <u32>(end - p - 5), <u32>(q - p - 5)); break; }
    const at = <usize>rows << 2;
    store<u32>(starts + at, <u32>start);
    store<u32>(ends + at, <u32>end);
    bytes += <u32>(end - start);
    out = cell;
    rows++;
    p = end;
  }
  store<u32>(ctx, <u32>p, CTX_NEXT);
  store<u32>(ctx, rows, CTX_ROWS);
  store<u32>(ctx, bytes, CTX_ROW_BYTES);
  store<u32>(ctx, header, CTX_HEADER_BYTES);
  store<u32>(ctx, copy, CTX_COPY);
  store<u32>(ctx, stop, CTX_STOP);
}
