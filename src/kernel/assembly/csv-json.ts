// Rejected spans as JSON strings (RFC 8259 section 7), escaped as JSON.stringify does.
import { isUtf8 } from './csv-utf8';

// The letter that stands for a control character after a backslash, or 0: \b \t \n \f \r.
const SHORT: usize = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0, 98, 116, 110, 0, 102, 114, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

// @ts-ignore: decorator
@inline
function hex(digit: u32): u8 { return <u8>(digit < 10 ? 48 + digit : 87 + digit); }

// Writes n bytes at s as a JSON string with its quotes (up to 6 n + 2 bytes, and 16 more that are overwritten); returns its end, or 0
// where they are not UTF-8. May look 15 bytes beyond.
export function csvJson(s: usize, n: usize, out: usize): usize {
  const e = s + n;
  if (!isUtf8(s, e)) return 0;
  const quote = i8x16.splat(34), backslash = i8x16.splat(92), blank = i8x16.splat(32);
  let w = out;
  store<u8>(w, 34);
  w++;
  while (s < e) {
    const v = v128.load(s);
    v128.store(w, v);
    const m = <u32>i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, quote), i8x16.eq(v, backslash)), i8x16.lt_u(v, blank)));
    const left = e - s, k = m != 0 ? <usize>ctz(m) : 16;
    if (k >= left) { w += left; break; }
    w += k; s += k;
    if (k == 16) continue;
    const b = <u32>load<u8>(s);
    s++;
    store<u8>(w, 92);
    const short = b < 32 ? <u32>load<u8>(SHORT + <usize>b) : b;
    if (short != 0) { store<u8>(w, <u8>short, 1); w += 2; continue; }
    store<u32>(w, 0x3030755c);
    store<u8>(w, hex(b >> 4), 4);
    store<u8>(w, hex(b & 15), 5);
    w += 6;
  }
  store<u8>(w, 34);
  return w + 1;
}
