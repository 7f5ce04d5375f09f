// Whether text is well-formed UTF-8 (Unicode 15, table 3-7): 16 bytes at a time, by the classes of each byte and the one before it
// (Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte", 2021).

// Errors that a byte may begin or complete, as bits, by the high and low half of the byte before and the high half of the byte itself:
// 1 too short, 2 too long, 4 overlong in three, 8 too large, 16 surrogate, 32 overlong in two, 64 overlong in four or too large,
// 128 two continuations (which is right where the byte two or three before asks for them).
const BEFORE_HIGH: usize = memory.data<u8>([2, 2, 2, 2, 2, 2, 2, 2, 128, 128, 128, 128, 33, 1, 21, 73]);
const BEFORE_LOW: usize = memory.data<u8>([231, 163, 131, 131, 139, 203, 203, 203, 203, 203, 203, 203, 203, 219, 203, 203]);
const OWN_HIGH: usize = memory.data<u8>([1, 1, 1, 1, 1, 1, 1, 1, 230, 174, 186, 186, 1, 1, 1, 1]);

// 16 bytes of 0xff, then 16 of 0: loaded at 16 − n it keeps the first n bytes of a vector.
const KEEP_FIRST: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

// May look 15 bytes beyond the end.
export function isUtf8(s: usize, e: usize): bool {
  let before = i8x16.splat(0), error = i8x16.splat(0);
  let p = s;
  // One vector more than there is, of zeroes, so that a character cut off at the end shows.
  while (p < e + 3) {
    let v = i8x16.splat(0);
    if (p < e) {
      v = v128.load(p);
      if (e - p < 16) v = v128.and(v, v128.load(KEEP_FIRST + 16 - (e - p)));
    }
    p += 16;
    if (i8x16.bitmask(v128.or(v, before)) != 0) {
      const one = i8x16.shuffle(before, v, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
      const two = i8x16.shuffle(before, v, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
      const three = i8x16.shuffle(before, v, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
      const special = v128.and(
        v128.and(
          i8x16.swizzle(v128.load(BEFORE_HIGH), i8x16.shr_u(one, 4)),
          i8x16.swizzle(v128.load(BEFORE_LOW), v128.and(one, i8x16.splat(15))),
        ),
        i8x16.swizzle(v128.load(OWN_HIGH), i8x16.shr_u(v, 4)),
      );
      // A third or fourth byte must be a continuation after a continuation.
      const asked = v128.or(i8x16.sub_sat_u(two, i8x16.splat(0x60)), i8x16.sub_sat_u(three, i8x16.splat(0x70)));
      error = v128.or(error, v128.xor(v128.and(asked, i8x16.splat(-128)), special));
    }
    before = v;
  }
  return !v128.any_true(error);
}
