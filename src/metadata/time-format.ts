/** One step of a time format: a directive that reads a part, or a literal byte. */
export type TimeStep = { readonly kind: 'literal'; readonly byte: number } | { readonly kind: TimePart };

export type TimePart =
  | 'year'
  | 'short_year'
  | 'month'
  | 'month_name'
  | 'day'
  | 'day_of_year'
  | 'weekday_name'
  | 'hour'
  | 'hour12'
  | 'half'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'offset'
  | 'utc_name';

const DIRECTIVES: Readonly<Record<string, TimePart>> = {
  Y: 'year',
  y: 'short_year',
  m: 'month',
  b: 'month_name',
  B: 'month_name',
  h: 'month_name',
  d: 'day',
  e: 'day',
  j: 'day_of_year',
  a: 'weekday_name',
  A: 'weekday_name',
  H: 'hour',
  I: 'hour12',
  p: 'half',
  M: 'minute',
  S: 'second',
  f: 'fraction',
  z: 'offset',
  Z: 'utc_name',
};

const SHORTHANDS: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
};

/** Parts that say the same thing: a format may hold one of each group. */
const GROUPS: readonly (readonly TimePart[])[] = [
  ['year', 'short_year'],
  ['month', 'month_name', 'day_of_year'],
  ['day', 'day_of_year'],
  ['weekday_name'],
  ['hour', 'hour12'],
  ['half'],
  ['minute'],
  ['second'],
  ['fraction'],
  ['offset', 'utc_name'],
];

/**
 * Compiles a strptime pattern (POSIX strptime, with %f for the digits of a second's fraction) for a date, a time or a timestamp, or
 * answers why it cannot be. Numbers may lack leading zeroes, except %Y (four digits) and %y (two: 69 to 99 are 1969 to 1999); names are
 * English, whole or three letters, in any case; %z reads Z, ±HH, ±HHMM or ±HH:MM; %Z reads Z, UTC or GMT.
 */
export function parseTimeFormat(
  text: string,
  target: 'date' | 'time' | 'timestamp',
): readonly TimeStep[] | { readonly problem: string } {
  const pattern = text.replace(/%%|%([FTRD])/g, (whole, letter: string | undefined) =>
    letter === undefined ? whole : (SHORTHANDS[letter] ?? whole),
  );
  const steps: TimeStep[] = [];
  const parts = new Set<TimePart>();
  const bytes = new TextEncoder().encode(pattern);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte !== 0x25) {
      steps.push({ kind: 'literal', byte });
      continue;
    }
    const letter = String.fromCharCode(bytes[++i] ?? 0x20);
    if (letter === '%') steps.push({ kind: 'literal', byte: 0x25 });
    else {
      const part = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
      if (part === undefined)
        return { problem: `%${letter} is not known; known: %${Object.keys(DIRECTIVES).join(' %')}` };
      if (parts.has(part)) return { problem: `%${letter} stands there twice` };
      parts.add(part);
      steps.push({ kind: part });
    }
  }
  const problem = problemOf(parts, target);
  return problem === null ? steps : { problem };
}

function problemOf(parts: ReadonlySet<TimePart>, target: 'date' | 'time' | 'timestamp'): string | null {
  for (const group of GROUPS) {
    const said = group.filter((part) => parts.has(part));
    if (said.length > 1) return `${said.map((part) => part.replaceAll('_', ' ')).join(' and ')} say the same thing`;
  }
  const has = (...any: readonly TimePart[]): boolean => any.some((part) => parts.has(part));
  if (has('hour12') !== has('half')) return '%I and %p go together';
  if (has('minute', 'second', 'fraction') && !has('hour', 'hour12')) return 'minutes or seconds without an hour';
  if (has('second') && !has('minute')) return 'seconds without minutes';
  if (has('fraction') && !has('second')) return 'a fraction without seconds';
  if (target === 'time') {
    if (has('year', 'short_year', 'month', 'month_name', 'day', 'day_of_year', 'weekday_name'))
      return 'a time has no date';
    return has('hour', 'hour12') ? null : 'a time needs an hour';
  }
  if (!has('year', 'short_year')) return `a ${target} needs a year`;
  if (!has('day_of_year') && !(has('month', 'month_name') && has('day'))) return `a ${target} needs a month and a day`;
  return null;
}
