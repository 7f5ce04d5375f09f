const BLANK = 0x20;
const TAB = 0x09;

/** The first position in `from … to` that is neither blank nor tab, or `to`. */
export function skipBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === BLANK || bytes[at] === TAB)) at += 1;
  return at;
}

/** The same bytes without the blanks and tabs around them. */
export function withoutBlanks(bytes: Uint8Array): Uint8Array {
  const from = skipBlanks(bytes, 0, bytes.length);
  let to = bytes.length;
  while (to > from && (bytes[to - 1] === BLANK || bytes[to - 1] === TAB)) to -= 1;
  return bytes.subarray(from, to);
}
