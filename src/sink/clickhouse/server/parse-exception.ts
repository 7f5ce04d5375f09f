import { ServerException } from './server-exception.ts';

/** Whose messages name tables, columns, users, grants and limits, and never a value of a row. */
const TELLING = new Set([
  16, 20, 36, 43, 44, 46, 47, 48, 49, 57, 60, 61, 73, 76, 79, 80, 81, 82, 83, 107, 115, 119, 120, 122, 158, 159, 164,
  180, 192, 193, 194, 195, 201, 202, 209, 210, 219, 223, 225, 226, 236, 241, 242, 243, 244, 252, 253, 254, 279, 285,
  286, 297, 319, 336, 344, 359, 371, 392, 394, 397, 417, 425, 439, 446, 450, 456, 457, 479, 497, 511, 516, 517, 518,
  529, 530, 531, 532, 545, 549, 568, 574, 582, 585, 598, 604, 623, 655, 668, 693, 695, 696, 700, 701, 705, 731, 745,
  999,
]);
const LONGEST = 400;

/** Reads the text that a ClickHouse sends when it fails; null where it is none. */
export function parseException(text: string): ServerException | null {
  const head = /Code: (\d+)\. (?:[A-Za-z]+::)*[A-Za-z]*Exception: /;
  let found = head.exec(text);
  if (found === null) return null;
  let [rest, number] = [text, 0];
  // an exception may be wrapped in another: the innermost says what happened
  while (found !== null) {
    number = Number(found[1]);
    rest = rest.slice(found.index + found[0].length);
    found = head.exec(rest);
  }
  const names = [...rest.matchAll(/\(([A-Z][A-Z0-9_]{2,})\)/g)];
  const type = names.at(-1)?.[1] ?? 'UNKNOWN';
  return new ServerException(number, type, tellable(number, rest.slice(0, names[0]?.index ?? rest.length)));
}

/** What may be shown of a message: nothing that could be a value of a row, a literal of a statement or a secret. */
function tellable(number: number, message: string): string {
  if (number === 62) return /failed at position \d+/.exec(message)?.[0] ?? '';
  if (!TELLING.has(number)) return '';
  const [first = ''] = message.split(
    /:? (?:In|in) scope |:? [Ww]hile (?:executing|processing|converting)|\. Stack trace/,
    1,
  );
  const cut = first.replaceAll(/\s+/g, ' ').trim().replace(/[.:]$/, '');
  return cut.length > LONGEST ? `${cut.slice(0, LONGEST)}…` : cut;
}
