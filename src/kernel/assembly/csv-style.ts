// Numbers as people spell them (grouped, with a decimal comma, a percent sign, a currency) → digits with a point.
import {
  KIND_FLOAT, KIND_INT, PERCENT_FRACTION, STYLE_CURRENCY, STYLE_CURRENCY_LENGTH, STYLE_DECIMAL, STYLE_PERCENT, STYLE_THOUSANDS,
  STYLE_THOUSANDS_LENGTH,
} from './csv-layout';
import { sameBytes } from './csv-cell';
import { writeNumber } from './csv-digits';
import { namedFloat } from './csv-float';

// @ts-ignore: decorator
@inline
function isDigitAt(p: usize, e: usize): bool { return p < e && <u32>load<u8>(p) - 48 <= 9; }

// @ts-ignore: decorator
@inline
function isSignAt(p: usize, e: usize): bool { return p < e && (load<u8>(p) == 43 || load<u8>(p) == 45); }

// @ts-ignore: decorator
@inline
function stands(p: usize, e: usize, text: usize, n: usize): bool { return n != 0 && p + n <= e && sameBytes(p, text, n); }

// Length of the one blank at p: a space, or U+00A0, U+2009, U+202F in UTF-8; 0 where there is none.
function blankAt(p: usize, e: usize): usize {
  if (p >= e) return 0;
  const b = <u32>load<u8>(p);
  if (b == 32) return 1;
  if (b == 0xc2) return p + 2 <= e && load<u8>(p, 1) == 0xa0 ? 2 : 0;
  if (b != 0xe2 || p + 3 > e || load<u8>(p, 1) != 0x80) return 0;
  return load<u8>(p, 2) == 0x89 || load<u8>(p, 2) == 0xaf ? 3 : 0;
}

function copyDigits(w: usize, p: usize, e: usize): usize {
  let n: usize = 0;
  for (; isDigitAt(p + n, e); n++) store<u8>(w + n, load<u8>(p + n));
  return n;
}

// Divides the whole number of n digits before q by a hundred, for a type without exponents: moves the point, or drops two zeroes.
function shiftTwo(q: usize, n: usize, point: bool): usize {
  for (; n < 3; n++, q++) {
    memory.copy(q - n + 1, q - n, n);
    store<u8>(q - n, 48);
  }
  if (!point && load<u8>(q - 1) == 48 && load<u8>(q - 2) == 48) return q - 2;
  store<u8>(q, load<u8>(q - 1));
  store<u8>(q - 1, load<u8>(q - 2));
  store<u8>(q - 2, 46);
  return q + 1;
}

// Writes the number that [s, e) spells, for the parser of its kind; returns the end of what was written, or 0 where it is not spelled so.
export function plainNumber(style: usize, kind: u32, s: usize, e: usize, w: usize): usize {
  const currency = style + STYLE_CURRENCY, currencyLength = <usize>load<u32>(style, STYLE_CURRENCY_LENGTH);
  const thousands = style + STYLE_THOUSANDS, thousandsLength = <usize>load<u32>(style, STYLE_THOUSANDS_LENGTH);
  const percent = load<u32>(style, STYLE_PERCENT), fraction = percent == PERCENT_FRACTION;
  let p = s, q = w;
  const signed = isSignAt(p, e);
  if (signed) { store<u8>(q, load<u8>(p)); q++; p++; }
  const before = stands(p, e, currency, currencyLength);
  if (before) {
    p += currencyLength;
    p += blankAt(p, e);
    if (!signed && isSignAt(p, e)) { store<u8>(q, load<u8>(p)); q++; p++; }
  } else if (kind == KIND_FLOAT && percent == 0 && p < e && namedFloat(p, e) != 0) {
    memory.copy(q, p, e - p);
    return q + (e - p);
  }
  let whole = copyDigits(q, p, e);
  p += whole;
  if (whole - 1 < 3 && stands(p, e, thousands, thousandsLength) && isDigitAt(p + thousandsLength, e)) {
    // 0,125 is no grouped number, but one with another separator.
    if (load<u8>(q) == 48) return 0;
    do {
      p += thousandsLength;
      if (copyDigits(q + whole, p, e) != 3) return 0;
      p += 3; whole += 3;
    } while (stands(p, e, thousands, thousandsLength) && isDigitAt(p + thousandsLength, e));
  }
  q += whole;
  const point = p < e && <u32>load<u8>(p) == load<u32>(style, STYLE_DECIMAL);
  if (kind == KIND_INT && fraction) q = shiftTwo(q, whole, point);
  else if (point) { store<u8>(q, 46); q++; }
  let digits = whole;
  if (point) {
    p++;
    const n = copyDigits(q, p, e);
    p += n; q += n; digits += n;
  }
  if (digits == 0) return 0;
  if (kind != KIND_INT) {
    let power: i64 = 0;
    if (p < e && (load<u8>(p) | 0x20) == 101) {
      let t = p + 1;
      const minus = isSignAt(t, e) && load<u8>(t) == 45;
      if (isSignAt(t, e)) t++;
      if (isDigitAt(t, e)) {
        for (; isDigitAt(t, e); t++) if (power < 1000000000) power = power * 10 + <i64>(load<u8>(t) - 48);
        if (minus) power = -power;
        p = t;
      }
    }
    if (fraction) power -= 2;
    if (power != 0) { store<u8>(q, 101); q = writeNumber(q + 1, power); }
  }
  if (percent != 0) {
    p += blankAt(p, e);
    if (p >= e || load<u8>(p) != 37) return 0;
    p++;
  }
  if (!before && p < e) {
    const t = p + blankAt(p, e);
    if (stands(t, e, currency, currencyLength)) p = t + currencyLength;
  }
  return p == e ? q : 0;
}
