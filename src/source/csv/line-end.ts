/** `lf`: LF or CRLF ends a line. `cr`: CR or CRLF does. A number: that byte does, alone. */
export type Newline = 'lf' | 'cr' | number;

const LF = 10;
const CR = 13;

/**
 * The position after the first physical line end at or after `from`: LF ends a line in `lf` mode (CRLF with it); CR or CRLF does in
 * `cr` mode. -1 where there is none, or where a CR is the last byte known and `final` is false.
 */
export function afterLineEnd(bytes: Uint8Array, from: number, newline: Newline, final: boolean): number {
  const at = bytes.indexOf(newline === 'lf' ? LF : CR, from);
  if (at < 0) return -1;
  if (newline === 'lf') return at + 1;
  if (at + 1 === bytes.length) return final ? at + 1 : -1;
  return bytes[at + 1] === LF ? at + 2 : at + 1;
}

/** Physical line ends that begin in `bytes`. */
export function countLineEnds(bytes: Uint8Array, newline: Newline): number {
  const end = newline === 'lf' ? LF : CR;
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) count += Number(bytes[at] === end);
  return count;
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
