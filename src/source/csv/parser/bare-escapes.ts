import type { Newline } from '../../lines/line-end.ts';

const LF = 10;
const CR = 13;
const BACKSLASH = 92;
/** What a letter means after a backslash, to PostgreSQL, MySQL and ClickHouse alike. */
const LETTERS: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '0': 0 }).map(([letter, byte]) => [
    letter.charCodeAt(0),
    byte,
  ]),
);
const THEMSELVES: readonly number[] = [BACKSLASH, LF, CR, 0x22, 0x27];

/** The position after the backslash escape at `at`; a CRLF is escaped as a whole. -1 where the escape does not end in the bytes. */
export function afterBareEscape(bytes: Uint8Array, at: number, newline: Newline | null, final: boolean): number {
  if (at + 1 >= bytes.length) return -1;
  if (bytes[at + 1] !== CR || typeof newline === 'number') return at + 2;
  if (at + 2 === bytes.length) return final ? at + 2 : -1;
  return bytes[at + 2] === LF ? at + 3 : at + 2;
}

/** A field without its escapes, as the kernel decodes them; null where one means nothing. */
export function decodeBareEscapes(field: Uint8Array, delimiter: number, newline: Newline | null): Uint8Array | null {
  if (!field.includes(BACKSLASH)) return field;
  const plain: number[] = [];
  for (let at = 0; at < field.length; at += 1) {
    const byte = field[at] ?? 0;
    if (byte !== BACKSLASH) {
      plain.push(byte);
      continue;
    }
    at += 1;
    const next = field[at];
    if (next === undefined) return null;
    const octal = next === 0x30 && /[0-7]/.test(String.fromCharCode(field[at + 1] ?? 0));
    const own = THEMSELVES.includes(next) || next === delimiter || next === newline;
    const means = own ? next : octal ? undefined : LETTERS.get(next);
    if (means === undefined) return null;
    plain.push(means);
  }
  return Uint8Array.from(plain);
}
