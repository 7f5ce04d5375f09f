// The parts of JSON (RFC 8259) that hold no others: strings, numbers, blanks. A line ends with a line feed, which is none of them, so
// that nothing looks for its end; up to 64 bytes behind it may be looked at.
import {
  DAMAGE_JSON_CONTROL, DAMAGE_JSON_CUT, DAMAGE_JSON_ESCAPE, DAMAGE_JSON_NUMBER, DAMAGE_JSON_SURROGATE,
  DAMAGE_JSON_VALUE,
} from './json-layout';

// What is wrong with the line at hand, where, and the node it is about.
export let damage: i32 = 0, damageAt: usize = 0;

// Notes damage; answers 0, which is no address.
export function spoil(code: i32, at: usize): usize {
  const b = load<u8>(at);
  damage = (b == 10 || (b == 13 && load<u8>(at, 1) == 10)) && code < DAMAGE_JSON_SURROGATE ? DAMAGE_JSON_CUT : code;
  damageAt = at;
  return 0;
}

// Whether the string at hand has escapes; where half of a surrogate pair was seen.
export let escaped: bool = false, loneAt: usize = 0;
export function setLone(at: usize): void { loneAt = at; }

export function passBlanks(p: usize): usize {
  while (true) {
    const b = load<u8>(p);
    if (b != 32 && b != 9 && b != 13) return p;
    p++;
  }
}

// Behind blanks, of which there are none nearly always.
// @ts-ignore: decorator
@inline
export function blanks(p: usize): usize { return load<u8>(p) > 32 ? p : passBlanks(p); }

// The value of four hexadecimal digits, or -1.
function hexAt(p: usize): i32 {
  let v = 0;
  for (let k: usize = 0; k < 4; k++) {
    const c = <u32>load<u8>(p + k), l = c | 0x20;
    if (c - 48 <= 9) v = (v << 4) | <i32>(c - 48);
    else if (l - 97 <= 5) v = (v << 4) | <i32>(l - 87);
    else return -1;
  }
  return v;
}

// Behind the escape at p.
function escapeEnd(p: usize): usize {
  const b = load<u8>(p, 1);
  if (b == 34 || b == 92 || b == 47 || b == 98 || b == 102 || b == 110 || b == 114 || b == 116) return p + 2;
  if (b != 117) return spoil(DAMAGE_JSON_ESCAPE, b == 10 ? p + 1 : p);
  const unit = hexAt(p + 2);
  if (unit < 0) return spoil(DAMAGE_JSON_ESCAPE, p);
  if ((unit & 0xf800) != 0xd800) return p + 6;
  if (unit < 0xdc00 && load<u16>(p, 6) == 0x755c && (hexAt(p + 8) & 0xfc00) == 0xdc00) return p + 12;
  if (loneAt == 0) loneAt = p;
  return p + 6;
}

// The closing quote of the string whose text begins at p.
export function stringEnd(p: usize): usize {
  const quote = i8x16.splat(34), backslash = i8x16.splat(92), blank = i8x16.splat(32);
  escaped = false;
  while (true) {
    const v = v128.load(p);
    const m = <u32>i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, quote), i8x16.eq(v, backslash)), i8x16.lt_u(v, blank)));
    if (m == 0) { p += 16; continue; }
    p += <usize>ctz(m);
    const b = load<u8>(p);
    if (b == 34) return p;
    if (b != 92) return spoil(DAMAGE_JSON_CONTROL, p);
    p = escapeEnd(p);
    if (p == 0) return 0;
    escaped = true;
  }
}

// Writes a code point as UTF-8; returns its end.
function putPoint(w: usize, c: u32): usize {
  if (c < 0x80) { store<u8>(w, <u8>c); return w + 1; }
  if (c < 0x800) { store<u8>(w, <u8>(0xc0 | (c >> 6))); store<u8>(w, <u8>(0x80 | (c & 63)), 1); return w + 2; }
  if (c < 0x10000) {
    store<u8>(w, <u8>(0xe0 | (c >> 12)));
    store<u8>(w, <u8>(0x80 | ((c >> 6) & 63)), 1);
    store<u8>(w, <u8>(0x80 | (c & 63)), 2);
    return w + 3;
  }
  store<u8>(w, <u8>(0xf0 | (c >> 18)));
  store<u8>(w, <u8>(0x80 | ((c >> 12) & 63)), 1);
  store<u8>(w, <u8>(0x80 | ((c >> 6) & 63)), 2);
  store<u8>(w, <u8>(0x80 | (c & 63)), 3);
  return w + 4;
}

// Copies the text of a string to w without its escapes, which are known to be right; returns the end of the copy. What is half of a pair
// becomes U+FFFD. Up to 16 bytes behind the copy are overwritten.
export function decodeString(s: usize, e: usize, w: usize): usize {
  const backslash = i8x16.splat(92);
  while (s < e) {
    const v = v128.load(s);
    v128.store(w, v);
    const m = <u32>i8x16.bitmask(i8x16.eq(v, backslash)), left = e - s, k = m != 0 ? <usize>ctz(m) : 16;
    if (k >= left) return w + left;
    w += k; s += k;
    if (k == 16) continue;
    const b = load<u8>(s, 1);
    if (b != 117) {
      store<u8>(w, b == 98 ? 8 : b == 102 ? 12 : b == 110 ? 10 : b == 114 ? 13 : b == 116 ? 9 : b);
      w++; s += 2;
      continue;
    }
    let c = <u32>hexAt(s + 2);
    s += 6;
    if ((c & 0xf800) == 0xd800) {
      const low = c < 0xdc00 && s + 6 <= e && load<u16>(s) == 0x755c ? hexAt(s + 2) : -1;
      if ((low & 0xfc00) == 0xdc00) { c = 0x10000 + ((c - 0xd800) << 10) + <u32>(low - 0xdc00); s += 6; }
      else c = 0xfffd;
    }
    w = putPoint(w, c);
  }
  return w;
}

// @ts-ignore: decorator
@inline
function isDigit(p: usize): bool { return <u32>load<u8>(p) - 48 <= 9; }

// Behind the number at p.
export function numberEnd(p: usize): usize {
  if (load<u8>(p) == 45) p++;
  if (load<u8>(p) == 48) {
    p++;
    if (isDigit(p)) return spoil(DAMAGE_JSON_NUMBER, p);
  } else {
    if (!isDigit(p)) return spoil(DAMAGE_JSON_NUMBER, p);
    do p++; while (isDigit(p));
  }
  if (load<u8>(p) == 46) {
    p++;
    if (!isDigit(p)) return spoil(DAMAGE_JSON_NUMBER, p);
    do p++; while (isDigit(p));
  }
  if ((load<u8>(p) | 0x20) == 101) {
    p++;
    if (load<u8>(p) == 43 || load<u8>(p) == 45) p++;
    if (!isDigit(p)) return spoil(DAMAGE_JSON_NUMBER, p);
    do p++; while (isDigit(p));
  }
  return p;
}

// Behind the number or the word at p, whose first byte is b.
export function plainEnd(p: usize, b: u32): usize {
  if (b - 48 <= 9 || b == 45) return numberEnd(p);
  const word = load<u32>(p);
  if (word == 0x65757274 || word == 0x6c6c756e) return p + 4;
  if (word == 0x736c6166 && load<u8>(p, 4) == 101) return p + 5;
  // A word that the line's end cuts off is told as such.
  let k = p;
  if (b == 116 || b == 102 || b == 110) while (load<u8>(k) - 97 < 26) k++;
  return spoil(DAMAGE_JSON_VALUE, load<u8>(k) == 10 && k - p < 5 ? k : p);
}
