/** `lf`: LF or CRLF ends a line. `cr`: CR or CRLF does. A number: that byte does, alone. */
export type Newline = 'lf' | 'cr' | number;

const LF = 10;
const CR = 13;

/** The byte that ends physical lines; in `cr` mode an LF right after it belongs to it. */
export function lineByte(newline: Newline): number {
  if (typeof newline === 'number') return newline;
  return newline === 'lf' ? LF : CR;
}

/**
 * The position after the first physical line end at or after `from`: LF ends a line in `lf` mode (CRLF with it); CR or CRLF does in
 * `cr` mode. -1 where there is none, or where a CR is the last byte known and `final` is false.
 */
export function afterLineEnd(bytes: Uint8Array, from: number, newline: Newline, final: boolean): number {
  const at = bytes.indexOf(lineByte(newline), from);
  if (at < 0) return -1;
  if (newline !== 'cr') return at + 1;
  if (at + 1 === bytes.length) return final ? at + 1 : -1;
  return bytes[at + 1] === LF ? at + 2 : at + 1;
}

/** Physical line ends that begin in `bytes`. */
export function countLineEnds(bytes: Uint8Array, newline: Newline): number {
  const end = lineByte(newline);
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) count += Number(bytes[at] === end);
  return count;
}

/**
 * What ends the record at `at`, outside quotes: the length of a line end, 0 where a byte stands there that ends no line (a CR alone in
 * `lf` mode, an LF alone in `cr` mode, anything else), -1 where a CR is the last byte known and `final` is false. With null every line
 * end of `auto` counts.
 */
export function lineEndLength(bytes: Uint8Array, at: number, newline: Newline | null, final: boolean): number {
  const byte = bytes[at];
  if (typeof newline === 'number') return Number(byte === newline);
  if (byte === LF) return newline === 'cr' ? 0 : 1;
  if (byte !== CR) return 0;
  if (at + 1 === bytes.length && !final) return -1;
  if (bytes[at + 1] === LF) return 2;
  return newline === 'lf' ? 0 : 1;
}

/** The mode that the line end at `at` tells: a CR not followed by LF means `cr`. Null where the byte after a CR is not known yet. */
export function newlineAt(bytes: Uint8Array, at: number, final: boolean): Newline | null {
  if (bytes[at] === LF) return 'lf';
  if (at + 1 === bytes.length && !final) return null;
  return bytes[at + 1] === LF ? 'lf' : 'cr';
}

/** The first CR or LF at or after `from`, or -1. */
export function findEitherEnd(bytes: Uint8Array, from: number): number {
  const lf = bytes.indexOf(LF, from);
  const cr = (lf < 0 ? bytes : bytes.subarray(0, lf)).indexOf(CR, from);
  return cr < 0 ? lf : cr;
}
