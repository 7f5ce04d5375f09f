import { mergeTimeReadings } from '../../flow/merge-time-readings.ts';
import type { ColumnProfile, NumberReading, SpellingCount, TimeReading, ValueKinds } from '../../flow/profile.ts';

/** The profile of one column in several inputs, as if they were one. The name is that of the first. */
export function mergeProfiles(columns: readonly ColumnProfile[]): ColumnProfile {
  const [first, ...others] = columns;
  if (first === undefined) throw new TypeError('no column to merge');
  return others.reduce(mergeTwo, first);
}

function mergeTwo(a: ColumnProfile, b: ColumnProfile): ColumnProfile {
  return {
    name: a.name,
    position: a.position,
    fields: a.fields + b.fields,
    empty: a.empty + b.empty,
    quotedEmpty: a.quotedEmpty + b.quotedEmpty,
    values: a.values + b.values,
    nulls: mergeSpellings(a.nulls, b.nulls),
    quotedNulls: mergeSpellings(a.quotedNulls, b.quotedNulls),
    longest: Math.max(a.longest, b.longest),
    padded: a.padded + b.padded,
    invalid: a.invalid + b.invalid,
    booleans: mergeSpellings(a.booleans, b.booleans),
    uuids: a.uuids + b.uuids,
    bareUuids: a.bareUuids + b.bareUuids,
    json: a.json + b.json,
    numbers: mergeNumbers(a.numbers, b.numbers),
    times: mergeTimes(a.times, b.times),
    signs: mergeSpellings(a.signs, b.signs),
    ...(a.kinds === undefined || b.kinds === undefined ? {} : { kinds: mergeKinds(a.kinds, b.kinds) }),
  };
}

function mergeKinds(a: ValueKinds, b: ValueKinds): ValueKinds {
  return {
    texts: a.texts + b.texts,
    numbers: a.numbers + b.numbers,
    booleans: a.booleans + b.booleans,
    nested: a.nested + b.nested,
  };
}

function mergeSpellings(a: readonly SpellingCount[], b: readonly SpellingCount[]): readonly SpellingCount[] {
  const all = new Map(a.map(({ text, fields }) => [text, fields]));
  for (const { text, fields } of b) all.set(text, (all.get(text) ?? 0) + fields);
  return [...all].map(([text, fields]) => ({ text, fields }));
}

/** The numbers of a column in one spelling, also where no value speaks for it: what has no separator can be read in all. */
export function readingOf(
  numbers: readonly NumberReading[],
  { decimal, thousands }: Pick<NumberReading, 'decimal' | 'thousands'>,
): NumberReading | null {
  const exact = numbers.find((reading) => reading.decimal === decimal && reading.thousands === thousands);
  if (exact !== undefined) return exact;
  // Where there is a thousands separator too little, the rest may still have its fractions.
  const [base] = [
    ...(thousands === null ? [] : numbers.filter((each) => each.decimal === decimal && each.thousands === null)),
    ...numbers.filter((each) => each.decimal === '.' && each.thousands === null),
  ];
  if (base === undefined) return null;
  if (base.decimal === decimal) return { ...base, thousands };
  // Its measures may be those of values that are no longer in it; then it is not all of the column, and they do not matter.
  const values = base.values - base.fractions;
  return values === 0 ? null : { ...base, decimal, thousands, values, fractions: 0, ambiguous: 0 };
}

function mergeNumbers(a: readonly NumberReading[], b: readonly NumberReading[]): readonly NumberReading[] {
  const keys = new Map([...a, ...b].map((reading) => [`${reading.decimal}${reading.thousands}`, reading]));
  return [...keys.values()].flatMap((key) => {
    const [left, right] = [readingOf(a, key), readingOf(b, key)];
    if (left === null || right === null) return left ?? right ?? [];
    return mergeReadings(left, right);
  });
}

function mergeReadings(a: NumberReading, b: NumberReading): NumberReading {
  const sum = (key: keyof NumberReading & CountKey): number => a[key] + b[key];
  const most = (key: keyof NumberReading & CountKey): number => Math.max(a[key], b[key]);
  return {
    decimal: a.decimal,
    thousands: a.thousands,
    values: sum('values'),
    integers: sum('integers'),
    exponents: sum('exponents'),
    named: sum('named'),
    leadingZeros: sum('leadingZeros'),
    plusSigns: sum('plusSigns'),
    fractions: sum('fractions'),
    grouped: sum('grouped'),
    ambiguous: sum('ambiguous'),
    signed: sum('signed'),
    digitsBefore: most('digitsBefore'),
    digitsAfter: most('digitsAfter'),
    scale: most('scale'),
    magnitude: most('magnitude'),
    beyondDouble: sum('beyondDouble'),
    least: bound(a.least, b.least, (x, y) => x < y),
    greatest: bound(a.greatest, b.greatest, (x, y) => x > y),
  };
}

type CountKey = Exclude<keyof NumberReading, 'decimal' | 'thousands' | 'least' | 'greatest'>;

function bound(a: string | null, b: string | null, wins: (x: bigint, y: bigint) => boolean): string | null {
  if (a === null || b === null) return a ?? b;
  return wins(BigInt(a), BigInt(b)) ? a : b;
}

function mergeTimes(a: readonly TimeReading[], b: readonly TimeReading[]): readonly TimeReading[] {
  const keys = new Map([...a, ...b].map((reading) => [`${reading.kind} ${reading.format}`, reading]));
  return [...keys.values()].flatMap((key) => {
    const [left, right] = [timesOf(a, key), timesOf(b, key)];
    if (left === null || right === null) return left ?? right ?? [];
    return { ...mergeTimeReadings(left, right), kind: key.kind, format: key.format };
  });
}

/** The dates or times of a column in one format; a date in ISO 8601 is a timestamp too. */
export function timesOf(
  times: readonly TimeReading[],
  { kind, format }: Pick<TimeReading, 'kind' | 'format'>,
): TimeReading | null {
  const exact = times.find((reading) => reading.kind === kind && reading.format === format);
  if (exact !== undefined || kind !== 'timestamp' || format !== null) return exact ?? null;
  const dates = times.find((reading) => reading.kind === 'date' && reading.format === null);
  return dates === undefined ? null : { ...dates, kind };
}
