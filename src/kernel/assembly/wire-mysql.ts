// Packets of MySQL's protocol → cells of rows: binary result set rows (MySQL documentation, "Binary Protocol Resultset"). Nothing here reads
// beyond the bytes it was given, whatever they say.
import {
  CTX_MAX_ROW, CTX_NEXT, CTX_ROWS, CTX_ROW_BYTES, CTX_ROW_CAP, CTX_ROW_END, CTX_ROW_START, CTX_STOP, CTX_TEXT, CTX_TO, CTX_WIDTH, STOP_FULL,
  STOP_STARVED,
} from './csv-layout';
import {
  CTX_CELLS, CTX_FOUND, CTX_LENGTHS, CTX_SEQUENCE, FAULT_FIELD, FAULT_PACKET, FAULT_ROW, FAULT_SEQUENCE, STOP_LONG, STOP_MESSAGE,
} from './wire-layout';
import { wireFault } from './wire-postgres';

/** A packet of this length goes on in the next. */
const LONGEST: u32 = 0xffffff;

// What `findRow` found: the end of the last packet of a row, the sequence number after it, the bytes of its payload.
let rowEnd: usize = 0, rowSequence: u32 = 0, rowBytes: u32 = 0;

// Looks for the whole of a row that begins at p and goes on in further packets; 0 or why it stopped.
function findRow(ctx: usize, p: usize, to: usize, sequence: u32, most: u32): u32 {
  let length = LONGEST;
  rowBytes = 0;
  while (length == LONGEST) {
    if (to - p < 4) return STOP_STARVED;
    const number = <u32>load<u8>(p, 3);
    length = load<u32>(p) & LONGEST;
    if (number != sequence) return wireFault(ctx, FAULT_SEQUENCE, number, sequence);
    rowBytes += length;
    if (rowBytes > most) { store<u32>(ctx, rowBytes, CTX_FOUND); return STOP_LONG; }
    if (to - p - 4 < <usize>length) return STOP_STARVED;
    p += 4 + <usize>length;
    sequence = (sequence + 1) & 255;
  }
  rowEnd = p; rowSequence = sequence;
  return 0;
}

// Moves the payloads of the packets of a row up to its end, over the headers between them; returns where they begin.
function joinRow(p: usize, end: usize): usize {
  const full = <usize>LONGEST + 4;
  // The last packet is where it must be; those before it follow each other from the back.
  let packets = (end - p - 4) / full, to = p + packets * full + 4;
  for (; packets != 0; packets--) {
    to -= <usize>LONGEST;
    memory.copy(to, p + (packets - 1) * full + 4, <usize>LONGEST);
  }
  return to;
}

// Goes on where CTX_NEXT stands, up to CTX_TO, adding to the rows there are.
export function wireScanMysql(ctx: usize): void {
  const width = <usize>load<u32>(ctx, CTX_WIDTH), cap = load<u32>(ctx, CTX_ROW_CAP), to = <usize>load<u32>(ctx, CTX_TO);
  const most = load<u32>(ctx, CTX_MAX_ROW), text = load<u32>(ctx, CTX_TEXT), lengths = <usize>load<u32>(ctx, CTX_LENGTHS);
  const starts = <usize>load<u32>(ctx, CTX_ROW_START), ends = <usize>load<u32>(ctx, CTX_ROW_END), bitmap = (width + 9) >> 3;
  let p = <usize>load<u32>(ctx, CTX_NEXT), rows = load<u32>(ctx, CTX_ROWS), bytes = load<u32>(ctx, CTX_ROW_BYTES);
  let sequence = load<u32>(ctx, CTX_SEQUENCE), stop: u32 = STOP_FULL;
  let out = <usize>load<u32>(ctx, CTX_CELLS) + ((<usize>rows * width) << 3);
  while (rows < cap && bytes < text) {
    if (to - p < 5) { stop = STOP_STARVED; break; }
    const length = load<u32>(p) & LONGEST, number = <u32>load<u8>(p, 3), first = <u32>load<u8>(p, 4);
    if (number != sequence) { stop = wireFault(ctx, FAULT_SEQUENCE, number, sequence); break; }
    if (length == 0 || (first != 0 && first != 0xfe && first != 0xff)) { stop = wireFault(ctx, FAULT_PACKET, first, 0); break; }
    if (first != 0) { stop = STOP_MESSAGE; break; }
    let q = p + 5, end = p + 4 + <usize>length, next = (sequence + 1) & 255;
    if (length == LONGEST) {
      stop = findRow(ctx, p, to, sequence, most);
      if (stop != 0) break;
      end = rowEnd; next = rowSequence;
      q = joinRow(p, end) + 1;
    } else if (length > most) { store<u32>(ctx, length, CTX_FOUND); stop = STOP_LONG; break; }
    else if (to - p - 4 < <usize>length) { stop = STOP_STARVED; break; }
    if (end - q < bitmap) { stop = wireFault(ctx, FAULT_ROW, <u32>(end - q), <u32>bitmap); break; }
    const nulls = q;
    q += bitmap;
    let cell = out, k: usize = 0;
    for (; k < width; k++) {
      const bit = k + 2;
      if ((<u32>load<u8>(nulls + (bit >> 3)) >> (<u32>bit & 7)) & 1) store<u64>(cell, 0);
      else {
        let n = <u32>load<u8>(lengths + k);
        if (n == 0) {
          // A length, in one byte or in 2, 3 or 8 more.
          if (q >= end) break;
          n = <u32>load<u8>(q);
          q++;
          if (n > 250) {
            const more: usize = n == 252 ? 2 : n == 253 ? 3 : n == 254 ? 8 : 0;
            if (more == 0 || end - q < more) break;
            if (more == 8 && load<u32>(q, 4) != 0) break;
            n = more == 2 ? <u32>load<u16>(q) : more == 3 ? <u32>load<u16>(q) | (<u32>load<u8>(q, 2) << 16) : load<u32>(q);
            q += more;
          }
        }
        if (n > <u32>(end - q)) break;
        store<u64>(cell, <u64>q | (<u64>(q + <usize>n) << 32));
        q += <usize>n;
      }
      cell += 8;
    }
    if (k != width) { stop = wireFault(ctx, FAULT_FIELD, <u32>k + 1, <u32>width); break; }
    if (q != end) { stop = wireFault(ctx, FAULT_ROW, <u32>(end - p), <u32>(q - p)); break; }
    const at = <usize>rows << 2;
    store<u32>(starts + at, <u32>p);
    store<u32>(ends + at, <u32>end);
    bytes += <u32>(end - p);
    out = cell;
    sequence = next;
    rows++;
    p = end;
  }
  store<u32>(ctx, <u32>p, CTX_NEXT);
  store<u32>(ctx, rows, CTX_ROWS);
  store<u32>(ctx, bytes, CTX_ROW_BYTES);
  store<u32>(ctx, sequence, CTX_SEQUENCE);
  store<u32>(ctx, stop, CTX_STOP);
}
