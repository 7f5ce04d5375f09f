// Values that nobody takes apart: passed, and held against the grammar.
import {
  DAMAGE_JSON_COLON, DAMAGE_JSON_COMMA, DAMAGE_JSON_DEPTH, DAMAGE_JSON_KEY,
} from './json-layout';
import { blanks, plainEnd, spoil, stringEnd } from './json-text';

// A byte for each object (1) and array (0) that is open.
const MOST_DEPTH = 1024;
const OPEN: usize = memory.data(MOST_DEPTH + 8, 16);

const BEFORE_VALUE: i32 = 0;
const BEFORE_KEY: i32 = 1;
const AFTER_VALUE: i32 = 2;

// Behind the value at p. `depth` objects and arrays are open around it, `most` may be.
export function skipValue(p: usize, depth: u32, most: u32): usize {
  let open: u32 = 0, state = BEFORE_VALUE;
  while (true) {
    if (state == BEFORE_VALUE) {
      const b = <u32>load<u8>(p);
      if (b == 34) {
        p = stringEnd(p + 1);
        if (p == 0) return 0;
        p++;
        state = AFTER_VALUE;
      } else if (b == 123 || b == 91) {
        if (depth + open >= most) return spoil(DAMAGE_JSON_DEPTH, p);
        store<u8>(OPEN + <usize>open, <u8>(b == 123));
        open++;
        p = blanks(p + 1);
        if (<u32>load<u8>(p) == b + 2) { p++; open--; state = AFTER_VALUE; }
        else state = b == 123 ? BEFORE_KEY : BEFORE_VALUE;
      } else {
        p = plainEnd(p, b);
        if (p == 0) return 0;
        state = AFTER_VALUE;
      }
    } else if (state == BEFORE_KEY) {
      if (load<u8>(p) != 34) return spoil(DAMAGE_JSON_KEY, p);
      p = stringEnd(p + 1);
      if (p == 0) return 0;
      p = blanks(p + 1);
      if (load<u8>(p) != 58) return spoil(DAMAGE_JSON_COLON, p);
      p = blanks(p + 1);
      state = BEFORE_VALUE;
    } else {
      if (open == 0) return p;
      const isObject = load<u8>(OPEN + <usize>(open - 1));
      p = blanks(p);
      const b = load<u8>(p);
      if (b == 44) { p = blanks(p + 1); state = isObject ? BEFORE_KEY : BEFORE_VALUE; }
      else if (b == (isObject ? 125 : 93)) { p++; open--; }
      else return spoil(DAMAGE_JSON_COMMA, p);
    }
  }
}
