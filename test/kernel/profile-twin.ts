import type { NumberStyle } from '../../src/flow/dataset-plan.ts';
import type { ColumnProfile, NumberReading, SpellingCount, TimeReading } from '../../src/flow/profile.ts';
import { listWords } from '../../src/source/profile/profile-words.ts';
import { readStyle, twinCast, twinDays } from './csv-twin-cast.ts';
import type { ProfiledField } from './profile-drive.ts';

const WORDS = listWords([]).map(({ text, kind }) => ({
  text: Buffer.from(text).toString('latin1'),
  shown: text,
  kind,
}));
const SIGNS = WORDS.filter(({ kind }) => kind === 'sign').map(({ shown }) => shown);
const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

/** The profile of a column, slowly: every rule on its own over all fields. Readings are asked for one by one. */
export class ProfileTwin {
  readonly #fields: readonly ProfiledField[];
  readonly values: readonly string[];
  readonly #valued: readonly string[];
  readonly #nullValues: readonly string[];

  constructor(fields: readonly ProfiledField[], nullValues: readonly string[] = ['']) {
    this.#fields = fields;
    this.#nullValues = nullValues.map((text) => Buffer.from(text).toString('latin1'));
    this.values = fields.filter(({ text }) => text !== '' && !this.#isNull(text)).map(({ text }) => text);
    this.#valued = this.values.filter(isUtf8);
  }

  #isNull(text: string): boolean {
    return this.#nullValues.includes(text) || WORDS.some((word) => word.kind === 'null' && word.text === text);
  }

  /** Everything but the readings. */
  counts(): Omit<ColumnProfile, 'name' | 'position' | 'numbers' | 'times' | 'signs'> {
    const empty = (quoted: boolean): number =>
      this.#fields.filter((each) => each.text === '' && each.quoted === quoted).length;
    const count = (test: (text: string) => boolean): number => this.#valued.filter(test).length;
    return {
      fields: this.#fields.length,
      empty: empty(false),
      quotedEmpty: empty(true),
      values: this.values.length,
      nulls: this.#nulls(false),
      quotedNulls: this.#nulls(true),
      longest: Math.max(0, ...this.values.map((text) => text.length)),
      padded: this.values.filter((text) => /^[ \t]|[ \t]$/.test(text)).length,
      invalid: this.values.length - this.#valued.length,
      booleans: tally(
        this.values.filter((text) => WORDS.some((word) => word.kind === 'boolean' && word.text === text)),
      ),
      uuids: count((text) => 'value' in twinCast(text, { ...RULES, type: { kind: 'uuid' } })),
      bareUuids: count((text) => /^[0-9a-f]{32}$/i.test(text)),
      json: count(isJson),
    };
  }

  #nulls(quoted: boolean): readonly SpellingCount[] {
    const nulls = this.#fields.filter((each) => each.text !== '' && each.quoted === quoted && this.#isNull(each.text));
    return tally(nulls.map(({ text }) => Buffer.from(text, 'latin1').toString()));
  }

  /** The numbers in one spelling; null where there are none. */
  numbers(decimal: NumberReading['decimal'], thousands: NumberReading['thousands']): NumberReading | null {
    const read = this.#valued.flatMap((text) => {
      const plain = plainOf(text, decimal, thousands);
      return plain === null ? [] : [{ text, ...plain }];
    });
    if (read.length === 0) return null;
    const finite = read.filter(({ plain }) => !isNamed(plain));
    const count = (test: (plain: string, text: string) => boolean): number =>
      finite.filter(({ plain, text }) => test(plain, text)).length;
    const measures = finite.map(({ plain }) => measure(plain));
    const isInteger = (plain: string): boolean => /^[+-]?\d+$/.test(plain);
    const integers = finite
      .filter(({ plain }) => isInteger(plain) && plain.replace(/^[+-]?0*/, '').length <= 38)
      .map(({ plain }) => BigInt(plain.replace('+', '')));
    const ordered = [...integers].sort((a, b) => (a < b ? -1 : Number(a > b)));
    const most = (key: keyof ReturnType<typeof measure>): number => Math.max(0, ...measures.map((each) => each[key]));
    const groups = thousands === null ? /(?!)/ : new RegExp(`\\d${bytesOf(thousands)}\\d{3}`);
    return {
      decimal,
      thousands,
      values: read.length,
      integers: count(isInteger),
      exponents: count((plain) => /e/i.test(plain)),
      named: read.length - finite.length,
      leadingZeros: count((plain) => /^[+-]?0\d/.test(plain)),
      plusSigns: count((plain) => plain.startsWith('+')),
      fractions: count((plain) => plain.includes('.')),
      grouped: count((_, text) => groups.test(text)),
      ambiguous: count((_, text) => /^[1-9]\d{0,2}[.,]\d{3}$/.test(coreOf(text))),
      signed: read.filter(({ sign }) => sign !== null).length,
      digitsBefore: most('before'),
      digitsAfter: most('after'),
      scale: most('scale'),
      magnitude: most('magnitude'),
      beyondDouble: count((plain) => !Number.isFinite(Number(plain))),
      least: ordered[0]?.toString() ?? null,
      greatest: ordered.at(-1)?.toString() ?? null,
    };
  }

  /** Signs beside numbers, however those are spelled. */
  signs(): readonly SpellingCount[] {
    const spellings = (['.', ','] as const).flatMap((decimal) =>
      ([null, ',', '.', ' ', "'", '’', '_', ' ', ' ', ' '] as const)
        .filter((thousands) => thousands !== decimal)
        .map((thousands) => ({ decimal, thousands })),
    );
    return tally(
      this.#valued.flatMap((text) => {
        for (const { decimal, thousands } of spellings) {
          const sign = plainOf(text, decimal, thousands)?.sign ?? null;
          if (sign !== null) return [sign];
        }
        return [];
      }),
    );
  }

  /** How many values a format reads, null being ISO 8601. */
  times(kind: TimeReading['kind'], format: string | null): number {
    return this.#valued.filter((text) => readsTime(text, kind, format)).length;
  }
}

const RULES = { onLoss: 'truncate', timezone: 'UTC', trueValues: [], falseValues: [], style: null } as const;

function bytesOf(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function tally(texts: readonly string[]): readonly SpellingCount[] {
  const all = new Map<string, number>();
  for (const text of texts) all.set(text, (all.get(text) ?? 0) + 1);
  return [...all].map(([text, fields]) => ({ text, fields }));
}

/** From the first digit of a number to the last, with the separators beside them, without an exponent. */
function coreOf(text: string): string {
  return /[.,]?\d(?:.*\d)?[.,]?/s.exec(text.replace(/[eE][+-]?\d+/, ''))?.[0] ?? '';
}

const isNamed = (plain: string): boolean => /^[+-]?(?:inf|infinity|nan)$/i.test(plain);

/** A number as digits with a point, and the sign beside it; null where it is none. */
function plainOf(
  text: string,
  decimal: NumberReading['decimal'],
  thousands: NumberReading['thousands'],
): { readonly plain: string; readonly sign: string | null } | null {
  const style: NumberStyle = { decimal, thousands, percent: null, currency: null };
  const bare = readStyle(text, style, 'float');
  if (bare !== null) return { plain: bare, sign: null };
  const signed = readStyle(text, { ...style, percent: 'number' }, 'float');
  if (signed !== null) return { plain: signed, sign: '%' };
  for (const currency of SIGNS) {
    if (currency === '%' || !text.includes(Buffer.from(currency).toString('latin1'))) continue;
    const plain = readStyle(text, { ...style, currency }, 'float');
    if (plain !== null) return { plain, sign: currency };
  }
  return null;
}

/** What a number needs, written out in full. */
function measure(plain: string) {
  const [, whole = '', rest = '', power = '0'] = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(plain) ?? [];
  const digits = `${whole}${rest}`;
  const significant = digits.replace(/^0+/, '').replace(/0+$/, '');
  if (significant === '') return { before: 0, after: rest.length, scale: 0, magnitude: 0 };
  const first = digits.length - digits.replace(/^0+/, '').length;
  const shift = Math.max(-1_000_000, Math.min(1_000_000, Number(power)));
  const before = whole.length - first + shift;
  return {
    before: Math.max(0, before),
    after: rest.length,
    scale: Math.max(0, significant.length - before),
    magnitude: Math.max(0, before),
  };
}

function isUtf8(text: string): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
    return true;
  } catch {
    return false;
  }
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'latin1').toString());
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function readsTime(text: string, kind: TimeReading['kind'], format: string | null): boolean {
  if (format !== null) return readsFormat(text, format);
  if (kind === 'date') return text.length === 10 && 'value' in twinCast(text, { ...RULES, type: { kind } });
  if (kind === 'time') return 'value' in twinCast(text, { ...RULES, type: { kind, unit: 'us' } });
  return 'value' in twinCast(text, { ...RULES, type: { kind, unit: 'us', zoned: true } });
}

const NAMES = (names: readonly string[]): string => [...names, ...names.map((name) => name.slice(0, 3))].join('|');
const DIRECTIVES: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d{2})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  b: `(?<b>${NAMES(MONTHS)})`,
  a: `(?<a>${NAMES(WEEKDAYS)})`,
  H: '(?<H>\\d{1,2})',
  I: '(?<I>\\d{1,2})',
  p: '(?<p>am|pm)',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  f: '\\d+',
  z: '(?<z>z|[+-]\\d\\d(?::?\\d\\d)?)',
  Z: '(?:utc|gmt)',
};

/** Whether a text is a date or time of a strptime pattern that exists. */
function readsFormat(text: string, format: string): boolean {
  const compact = format.startsWith('%Y%m%d');
  const pattern = format.replaceAll(/%(.)|[^%]/g, (part, letter: string | undefined) =>
    letter === undefined ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : (DIRECTIVES[letter] ?? '(?!)'),
  );
  const found = new RegExp(`^${compact ? pattern.replaceAll('{1,2}', '{2}') : pattern}$`, 'i').exec(text);
  if (found === null) return false;
  const parts: Readonly<Record<string, string | undefined>> = found.groups ?? {};
  const has = (key: string): boolean => parts[key] !== undefined;
  const number = (key: string): number => Number(parts[key] ?? 0);
  if (format.includes('T') && !text.includes('T')) return false;
  if (parts['z'] === 'z' || text.endsWith('z')) return false;
  if (number('H') > 23 || number('M') > 59 || number('S') > 59) return false;
  if (has('I') && (number('I') < 1 || number('I') > 12)) return false;
  const offset = /^[+-](\d\d):?(\d\d)?$/.exec(parts['z'] ?? '');
  if (offset !== null && (Number(offset[1]) > 23 || Number(offset[2] ?? 0) > 59)) return false;
  if (!has('Y') && !has('y')) return true;
  const year = has('Y') ? number('Y') : number('y') + (number('y') < 69 ? 2000 : 1900);
  const month = has('b')
    ? MONTHS.findIndex((name) => name.startsWith((parts['b'] ?? '').toLowerCase().slice(0, 3))) + 1
    : number('m');
  const days = twinDays(year, month, number('d'));
  if (days === null || (compact && (year < 1900 || year > 2199))) return false;
  const weekday = (parts['a'] ?? '').toLowerCase().slice(0, 3);
  return !has('a') || WEEKDAYS.findIndex((name) => name.startsWith(weekday)) === (((days + 4) % 7) + 7) % 7;
}
