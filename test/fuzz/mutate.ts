import type { FuzzDice } from './fuzz-dice.ts';

/** The bytes that mean something to a plan, and some that mean something to other readers. */
export interface Tokens {
  readonly delimiter: number;
  readonly quote: number | null;
  readonly escape: number;
  readonly comment: number | null;
  /** Byte that alone ends a row, or null. */
  readonly rowByte: number | null;
}

const ALWAYS: readonly (readonly number[])[] = [
  [10],
  [13],
  [13, 10],
  [10, 10],
  [10, 13],
  [34],
  [34, 34],
  [39],
  [44],
  [59],
  [9],
  [32],
  [92],
  [92, 92],
  [92, 34],
  [92, 78],
  [92, 110],
  [35],
  [0],
  [0x1e],
  [0x1f],
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xc3],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xc3, 0xa9],
  [48],
  [45],
  [46],
];

/** A few changes of an input, none of them before `from`: flips, deletions, doublings, moves, tokens, runs, pieces of another input. */
export function mutate(
  input: Uint8Array,
  other: Uint8Array,
  tokens: Tokens,
  dice: FuzzDice,
  { from, most }: { readonly from: number; readonly most: number },
): Uint8Array {
  let bytes = Buffer.from(input);
  for (let left = dice.size(8); left > 0; left -= 1)
    bytes = change(bytes, other, tokens, dice, Math.min(from, bytes.length));
  return new Uint8Array(bytes.subarray(0, most));
}

function change(bytes: Buffer, other: Uint8Array, tokens: Tokens, dice: FuzzDice, from: number): Buffer<ArrayBuffer> {
  const at = from + dice.roll(bytes.length - from + 1);
  const length = Math.min(dice.size(200), bytes.length - at);
  const put = (piece: Uint8Array, drop = 0) => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + drop)]);
  switch (dice.roll(12)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << dice.roll(8));
      return flipped;
    }
    case 1:
      return put(Uint8Array.of(dice.roll(256)), dice.roll(2));
    case 2:
      return put(Buffer.alloc(0), length);
    case 3:
      return put(bytes.subarray(at, at + length));
    case 4: {
      const start = dice.roll(other.length + 1);
      return put(other.subarray(start, start + dice.size(300)), dice.once(2) ? length : 0);
    }
    case 5:
      return put(Buffer.alloc(dice.size(dice.once(50) ? 40_000 : 200), Buffer.from(token(tokens, dice))));
    case 6: {
      const next = nextSpecial(bytes, tokens, at);
      return next < 0 ? Buffer.from(bytes) : Buffer.concat([bytes.subarray(0, next), bytes.subarray(next + 1)]);
    }
    case 7: {
      const next = nextSpecial(bytes, tokens, at);
      const piece = Buffer.from(token(tokens, dice));
      return next < 0 ? put(piece) : Buffer.concat([bytes.subarray(0, next), piece, bytes.subarray(next + 1)]);
    }
    case 8:
      return Buffer.from(bytes.subarray(0, at));
    default:
      return put(Buffer.from(token(tokens, dice)), dice.once(3) ? 1 : 0);
  }
}

function token({ delimiter, quote, escape: escaping, comment, rowByte }: Tokens, dice: FuzzDice): readonly number[] {
  const own = [delimiter, quote ?? 34, escaping, comment ?? 10, rowByte ?? 10];
  switch (dice.roll(4)) {
    case 0:
      return dice.pick(ALWAYS);
    case 1:
      return [dice.pick(own), dice.pick(own)];
    default:
      return [dice.pick(own)];
  }
}

/** The next byte at or after `at` that means something, or -1. */
function nextSpecial(bytes: Uint8Array, { delimiter, quote, escape: escaping, rowByte }: Tokens, at: number): number {
  for (let i = at; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (byte === delimiter || byte === quote || byte === escaping || byte === rowByte || byte === 10 || byte === 13)
      return i;
  }
  return -1;
}
