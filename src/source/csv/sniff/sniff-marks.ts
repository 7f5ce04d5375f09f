import type { GivenDialect } from '../../../flow/sniff.ts';
import type { RowMarks } from './sniff-rows.ts';

/** Marks that a text may be read by, and how usual they are: what decides between readings that explain it alike. */
export interface LikelyMarks {
  readonly marks: RowMarks;
  readonly prior: number;
}

/** Delimiters by how usual they are. */
const DELIMITERS: readonly (readonly [string, number])[] = [
  [',', 1],
  ['\t', 1],
  [';', 0.995],
  ['|', 0.99],
  ['\u001f', 1],
  ['\u0001', 1],
  ['||', 1],
  ['~|~', 1],
  ['|~|', 1],
  ['::', 0.95],
  ['^', 0.95],
  ['~', 0.95],
  [' ', 0.5],
  [':', 0.5],
];

const RECORD_SEPARATOR = '\u001e';

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** All readings of a text that are worth comparing; what was said is in all of them. */
export function likelyMarks(text: string, given: GivenDialect): LikelyMarks[] {
  const likely: LikelyMarks[] = [];
  for (const [delimiter, usual] of delimitersOf(text, given)) {
    for (const [rowEnd, wont] of rowEndsOf(text, delimiter, given)) {
      for (const [quote, escaper, custom] of quotesOf(text, delimiter, given)) {
        for (const [trim, kept] of trimsOf(text, delimiter, given)) {
          if (trim && quote === null && escaper !== null) continue;
          for (const [comment, open] of commentsOf(text, delimiter, quote, given)) {
            const marks = { delimiter, quote, escape: escaper, rowEnd, trim, comment };
            likely.push({ marks, prior: usual * wont * custom * kept * open });
          }
        }
      }
    }
  }
  return likely;
}

type Options<T> = readonly (readonly [T, number])[];

function delimitersOf(text: string, given: GivenDialect): Options<string> {
  if (given.delimiter !== undefined) return [[given.delimiter, 1]];
  const found = DELIMITERS.filter(([delimiter]) => text.includes(delimiter));
  // One column: any delimiter will do that does not stand in it.
  const absent = DELIMITERS.find(([delimiter]) => !text.includes(delimiter)) ?? ['\u001f', 1];
  return [...found, absent];
}

function rowEndsOf(text: string, delimiter: string, given: GivenDialect): Options<string | null> {
  const said = given.rowDelimiter;
  if (said !== undefined) return [[said === 'auto' || /^(\r?\n|\r)$/.test(said) ? null : said, 1]];
  const separators = text.split(RECORD_SEPARATOR).length - 1;
  if (separators < 2 || separators < text.split('\n').length || delimiter === RECORD_SEPARATOR) return [[null, 1]];
  return [
    [null, 0.9],
    [RECORD_SEPARATOR, 1],
  ];
}

/** Quote, escape and how usual they are. */
function quotesOf(
  text: string,
  delimiter: string,
  given: GivenDialect,
): readonly (readonly [string | null, string | null, number])[] {
  const quotes: readonly (string | null)[] =
    given.quote !== undefined ? [given.quote] : ['"', ...(hasQuoted(text, "'", delimiter) ? ["'"] : []), null];
  const found: (readonly [string | null, string | null, number])[] = [];
  for (const quote of quotes) {
    const usual = quote === '"' ? 1 : quote === "'" ? 0.96 : 0.97;
    if (quote === null) {
      if (given.quote === null || text.includes('"')) {
        if (given.escape === undefined) found.push([null, null, usual]);
      } else if (given.escape === undefined && !text.includes('\\')) continue;
      const bare = given.escape === '\\' ? 1 : given.escape === undefined ? bareEscapes(text, delimiter) : 0;
      if (bare > 0) found.push([null, '\\', bare]);
      continue;
    }
    if (given.escape !== undefined) {
      found.push([quote, given.escape, usual]);
      continue;
    }
    found.push([quote, quote, usual]);
    if (text.includes(`\\${quote}`)) found.push([quote, '\\', usual * 0.985]);
  }
  return found;
}

/** Whether fields stand in this quote: it opens at the start of fields and closes at their end. */
function hasQuoted(text: string, quote: string, delimiter: string): boolean {
  const mark = `(?:${escapeRegExp(delimiter)}|\r|\n)`;
  const opens = new RegExp(`(?:^|${mark}[ \t]*)${quote}`, 'g');
  const closes = new RegExp(`${quote}[ \t]*(?:$|${mark})`, 'g');
  const [opened, closed] = [text.match(opens)?.length ?? 0, text.match(closes)?.length ?? 0];
  return opened > 1 && closed > 1 && Math.min(opened, closed) > 0.5 * Math.max(opened, closed);
}

/** How likely backslashes escape in fields without quotes, as PostgreSQL, MySQL and ClickHouse write them; 0 = not at all. */
function bareEscapes(text: string, delimiter: string): number {
  if (!text.includes('\\')) return 0;
  const all = text.match(/\\[\s\S]?/g) ?? [];
  const known = all.filter((pair) => /^\\[tnrbfv0aeN\\'"\r\n]$/.test(pair) || pair === `\\${delimiter}`);
  if (known.length < all.length) return 0;
  const mark = `(?:${escapeRegExp(delimiter)}|\r|\n)`;
  const nulls = new RegExp(`(?:^|${mark})\\\\N(?=$|${mark})`).test(text);
  const doubled = text.includes('\\\\') || text.includes(`\\${delimiter}`) || /\\\r?\n/.test(text);
  if (!nulls && hasQuoted(text, '"', delimiter)) return 0.8;
  if (nulls || doubled) return delimiter === '\t' ? 1.05 : 1.02;
  return delimiter === '\t' && !/[A-Za-z]:\\/.test(text) ? 1.01 : 0.8;
}

function trimsOf(text: string, delimiter: string, given: GivenDialect): Options<boolean> {
  if (given.trim !== undefined) return [[given.trim, 1]];
  if (delimiter === ' ' || delimiter === '\t') return [[false, 1]];
  const mark = escapeRegExp(delimiter);
  if (!new RegExp(`${mark}[ \t]|[ \t]${mark}`).test(text)) return [[false, 1]];
  return [
    [false, 1],
    [true, 0.93],
  ];
}

/** Lines that begin with a character have as many fields as the first that does not: they are rows. */
function beginsRows(text: string, character: string, delimiter: string): boolean {
  const lines = text.split(/\r\n|\r|\n/, 2000);
  const fields = (line: string): number => line.split(delimiter).length;
  const wanted = fields(lines.find((line) => line !== '' && !line.startsWith(character)) ?? '');
  return (
    wanted > 1 &&
    lines.some((line) => line.startsWith(character) && /^[\p{L}\p{N}]/u.test(line.slice(1)) && fields(line) === wanted)
  );
}

/** A comment character is one that lines begin with, below the first rows too: above a table such lines are a preamble. */
function commentsOf(
  text: string,
  delimiter: string,
  quote: string | null,
  given: GivenDialect,
): Options<string | null> {
  if (given.comment !== undefined) return [[given.comment, 1]];
  const found = ['#', '%', '!'].filter(
    (character) =>
      character !== delimiter &&
      character !== quote &&
      !beginsRows(text, character, delimiter) &&
      new RegExp(`(?:^|[\r\n])[^${escapeRegExp(character)}\r\n][^\r\n]*[\r\n]+${escapeRegExp(character)}`).test(text),
  );
  return [[null, 1], ...found.map((character) => [character, 0.97] as const)];
}
