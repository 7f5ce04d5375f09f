/** Directives that a pattern may hold, after `%F`, `%T`, `%R`, `%D` and `%h` are spelt out and `%%` is a literal. */
export const DIRECTIVES = [
  'Y',
  'y',
  'm',
  'd',
  'e',
  'j',
  'b',
  'B',
  'a',
  'A',
  'H',
  'I',
  'M',
  'S',
  'f',
  'p',
  'z',
] as const;

/**
 * One directive: `Y` year of 4 digits · `y` 00–99 (69–99 are 19xx) · `m` `d` `e` `H` (0–23) `I` (1–12) `M` `S` one or two digits,
 * exactly two where another number follows at once · `j` day of the year, 3 digits · `b` `B` English month, short or full, in any
 * case · `a` `A` English weekday, short or full, not checked against the date · `f` 1 to 9 digits of a second's fraction · `p` AM
 * or PM · `z` `Z`, `±HH`, `±HHMM` or `±HH:MM`.
 */
export type Directive = (typeof DIRECTIVES)[number];

/** One part of a pattern: text that must stand there as it is, or a directive. */
export type PatternPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly directive: Directive };

/** What a pattern may hold, for people. */
export const PATTERN_HINT = `Possible: ${[...DIRECTIVES, 'F', 'T', 'R', 'D', 'h', '%'].map((letter) => `%${letter}`).join(' ')}.`;

const COMPOSED: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y', h: '%b' };

/** What each directive says; no pattern may say the same thing twice. */
const MEANINGS: Readonly<Record<Directive, string>> = {
  Y: 'year',
  y: 'year',
  m: 'month',
  b: 'month',
  B: 'month',
  d: 'day',
  e: 'day',
  j: 'day of the year',
  a: 'weekday',
  A: 'weekday',
  H: 'hour',
  I: 'hour',
  M: 'minute',
  S: 'second',
  f: 'fraction',
  p: 'half of the day',
  z: 'offset',
};

/** Splits a strptime pattern into its parts, or says what in it cannot be. */
export function parsePattern(pattern: string): readonly PatternPart[] | { readonly problem: string } {
  const parts: PatternPart[] = [];
  const said = new Map<string, string>();
  const spelt = pattern.replace(/%([FTRDh%])/g, (whole, letter: string) => COMPOSED[letter] ?? whole);
  for (const [text, , letter = ''] of spelt.matchAll(/(%([\s\S]?))|[^%]+/g)) {
    if (!text.startsWith('%')) {
      parts.push({ kind: 'literal', text });
      continue;
    }
    if (letter === '%') {
      parts.push({ kind: 'literal', text: '%' });
      continue;
    }
    const directive = DIRECTIVES.find((each) => each === letter);
    if (directive === undefined) return { problem: `${text} is no directive` };
    const meaning = MEANINGS[directive];
    const earlier = said.get(meaning);
    if (earlier !== undefined) return { problem: `${earlier} and ${text} both say the ${meaning}` };
    said.set(meaning, text);
    parts.push({ kind: 'field', directive });
  }
  return joinLiterals(parts);
}

function joinLiterals(parts: readonly PatternPart[]): readonly PatternPart[] {
  const joined: PatternPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === 'literal' && last?.kind === 'literal') {
      joined[joined.length - 1] = { kind: 'literal', text: last.text + part.text };
    } else joined.push(part);
  }
  return joined;
}

/** The directives of a parsed pattern. */
export function directivesOf(parts: readonly PatternPart[]): ReadonlySet<Directive> {
  return new Set(parts.flatMap((part) => (part.kind === 'field' ? [part.directive] : [])));
}
