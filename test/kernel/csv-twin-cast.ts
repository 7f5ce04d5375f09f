import type { NumberStyle, OnLoss, ValueRange } from '../../src/flow/dataset-plan.ts';
import type { LogicalType, TimeUnit } from '../../src/metadata/logical-type.ts';

export type TwinValue = bigint | string | boolean | null;
export type TwinProblem = 'SYNTAX' | 'RANGE' | 'LOSS' | 'CALENDAR' | 'ZONE';
export type TwinCast = { readonly value: TwinValue } | { readonly problem: TwinProblem };

export interface CastRules {
  readonly type: LogicalType;
  readonly onLoss: OnLoss;
  readonly timezone: string;
  readonly style: NumberStyle | null;
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
  readonly range?: ValueRange | undefined;
}

const bad = (problem: TwinProblem): TwinCast => ({ problem });
const good = (value: TwinValue): TwinCast => ({ value });

/** The obvious cast of a text (one character per byte) to a type; floats answer as their bits, dates and times as integers. */
export function twinCast(written: string, rules: CastRules): TwinCast {
  return twinBound(castText(written, rules), rules.range);
}

/** A value out of bounds is out of range. */
export function twinBound(cast: TwinCast, range: ValueRange | undefined): TwinCast {
  if (range === undefined || !('value' in cast) || typeof cast.value !== 'bigint') return cast;
  return cast.value < BigInt(range.least) || cast.value > BigInt(range.greatest) ? bad('RANGE') : cast;
}

function castText(written: string, rules: CastRules): TwinCast {
  const { type } = rules;
  const text = rules.style === null ? written : readStyle(written, rules.style, type.kind);
  if (text === null) return bad('SYNTAX');
  switch (type.kind) {
    case 'int':
      return castInt(text, type, rules.onLoss);
    case 'float':
      return castFloatBits(text, type.bits);
    case 'decimal':
      return castDecimal(text, type.precision, type.scale, rules.onLoss);
    case 'boolean':
      if (rules.trueValues.includes(text)) return good(true);
      return rules.falseValues.includes(text) ? good(false) : bad('SYNTAX');
    case 'uuid': {
      const plain = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|^[0-9a-f]{32}$/i.test(text);
      return plain ? good(text.replaceAll('-', '').toLowerCase()) : bad('SYNTAX');
    }
    case 'json':
      try {
        JSON.parse(Buffer.from(text, 'latin1').toString());
        return good(text);
      } catch {
        return bad('SYNTAX');
      }
    case 'string':
    case 'binary':
      return good(text);
    case 'date':
      return castDate(text, rules.onLoss);
    case 'time':
      return castTime(text, type.unit, rules.onLoss);
    case 'timestamp':
      return castTimestamp(text, type.unit, type.zoned, rules);
  }
}

const ESCAPED: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

/** A field without its backslash escapes; null where one means nothing. `own` = delimiter and row delimiter. */
export function readEscapes(text: string, own: string): string | null {
  let read = '';
  for (let i = 0; i < text.length; i++) {
    const next = text[i + 1] ?? 'end';
    if (text[i] !== '\\') read += text[i];
    else {
      const nul = next === '0' && !/[0-7]/.test(text[i + 2] ?? '') ? '\0' : null;
      const meant = `\\'"\r\n${own}`.includes(next) ? next : (ESCAPED[next] ?? nul);
      if (meant === null) return null;
      read += meant;
      i++;
    }
  }
  return read;
}

const BLANK = '(?: |\u00c2\u00a0|\u00e2\u0080\u0089|\u00e2\u0080\u00af)?';

/** A styled number as one with a point, and an exponent for the percent sign; null where it is not spelled in its style. */
export function readStyle(text: string, style: NumberStyle, kind: string): string | null {
  const bytes = (part: string): string =>
    Buffer.from(part)
      .toString('latin1')
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const { percent } = style;
  if (kind === 'float' && percent === null && /^[+-]?(?:inf|infinity|nan)$/i.test(text)) return text;
  const grouped = style.thousands === null ? '(?!)' : `[1-9]\\d{0,2}(?:${bytes(style.thousands)}\\d{3})+`;
  const number = `(?<whole>${grouped}|\\d*)(?<point>${bytes(style.decimal)}(?<rest>\\d*))?(?:[eE](?<power>[+-]?\\d+))?`;
  const sign = percent === null ? '' : `${BLANK}%`;
  const forms = [`(?<sign>[+-])?${number}${sign}`];
  if (style.currency !== null) {
    const currency = bytes(style.currency);
    forms.push(
      `(?<sign>[+-])?${number}${sign}${BLANK}${currency}`,
      `(?<sign>[+-])?${currency}${BLANK}${number}${sign}`,
      `${currency}${BLANK}(?<sign>[+-])?${number}${sign}`,
    );
  }
  const parts = forms
    .map((form) => new RegExp(`^${form}$`).exec(text)?.groups)
    .find((groups) => `${groups?.['whole'] ?? ''}${groups?.['rest'] ?? ''}` !== '');
  const whole = (parts?.['whole'] ?? '').replace(/\D/g, '');
  const rest = parts?.['rest'] ?? '';
  if (parts === undefined || (kind === 'int' && parts['power'] !== undefined)) return null;
  const plus = parts['sign'] ?? '';
  const fraction = parts['point'] === undefined ? '' : `.${rest}`;
  if (percent !== 'fraction')
    return `${plus}${whole}${fraction}${parts['power'] === undefined ? '' : `e${parts['power']}`}`;
  if (kind !== 'int') return `${plus}${whole}${fraction}e${Number(parts['power'] ?? 0) - 2}`;
  const hundredths = BigInt(whole || '0');
  const exact = fraction === '' && hundredths % 100n === 0n;
  return `${plus}${hundredths / 100n}${exact ? '' : `.${String(hundredths % 100n).padStart(2, '0')}${rest}`}`;
}

function castInt(text: string, type: { readonly bits: number; readonly signed: boolean }, onLoss: OnLoss): TwinCast {
  const match = /^([+-]?)(\d*)(?:(\.)(\d*))?$/.exec(text);
  if (!match || `${match[2]}${match[4] ?? ''}` === '') return bad('SYNTAX');
  let magnitude = BigInt(match[2] || '0');
  if (magnitude >= 1n << 64n) return bad('RANGE');
  if (match[3] !== undefined) {
    if (onLoss === 'reject' || onLoss === 'null') return bad('LOSS');
    if (onLoss === 'round' && (match[4] ?? '').charAt(0) >= '5') magnitude++;
  }
  const value = match[1] === '-' ? -magnitude : magnitude;
  const least = type.signed ? -(1n << BigInt(type.bits - 1)) : 0n;
  const most = (1n << BigInt(type.signed ? type.bits - 1 : type.bits)) - 1n;
  return value < least || value > most ? bad('RANGE') : good(value);
}

/** Bits of the nearest float, ties to even, by exact rational arithmetic. */
export function castFloatBits(text: string, bits: 32 | 64): TwinCast {
  const explicit = bits === 64 ? 52 : 23;
  const exponentBits = bits - 1 - explicit;
  const infinity = ((1n << BigInt(exponentBits)) - 1n) << BigInt(explicit);
  const named = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  const sign = text.startsWith('-') ? 1n << BigInt(bits - 1) : 0n;
  if (named) {
    if (named[2]?.toLowerCase() === 'nan') return good(infinity | (1n << BigInt(explicit - 1)));
    return good(sign | infinity);
  }
  const match = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match || `${match[1]}${match[2] ?? ''}` === '') return bad('SYNTAX');
  const digits = BigInt(`${match[1]}${match[2] ?? ''}`);
  if (digits === 0n) return good(sign);
  const power = Number(match[3] ?? 0) - (match[2] ?? '').length;
  const size = digits.toString().length + power;
  if (size > 400) return bad('RANGE');
  if (size < -400) return good(sign);
  let above = digits;
  let below = 1n;
  if (power >= 0) above *= 10n ** BigInt(power);
  else below = 10n ** BigInt(-power);
  const bias = (1 << (exponentBits - 1)) - 1;
  // value = above / below = m × 2^e with m of explicit + 1 bits, or fewer where e is at its least.
  let e = above.toString(2).length - below.toString(2).length - explicit - 1;
  const least = 1 - bias - explicit;
  const scaled = (at: number): readonly [bigint, bigint] =>
    at >= 0 ? [above, below << BigInt(at)] : [above << BigInt(-at), below];
  e = Math.max(e, least);
  while (scaled(e)[0] / scaled(e)[1] >= 1n << BigInt(explicit + 1)) e++;
  const [a, b] = scaled(e);
  let m = a / b;
  const twice = (a % b) * 2n;
  if (twice > b || (twice === b && (m & 1n) === 1n)) m++;
  if (m === 1n << BigInt(explicit + 1)) {
    m >>= 1n;
    e++;
  }
  const field = m < 1n << BigInt(explicit) ? 0n : BigInt(e + bias + explicit);
  if (field >= (1n << BigInt(exponentBits)) - 1n) return bad('RANGE');
  return good(sign | (field << BigInt(explicit)) | (m & ((1n << BigInt(explicit)) - 1n)));
}

function castDecimal(text: string, precision: number, scale: number, onLoss: OnLoss): TwinCast {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match || `${match[2]}${match[3] ?? ''}` === '') return bad('SYNTAX');
  const digits = BigInt(`${match[2]}${match[3] ?? ''}`);
  const power = Number(match[4] ?? 0) - (match[3] ?? '').length + scale;
  if (digits === 0n) return good(0n);
  if (power > 100) return bad('RANGE');
  let value: bigint;
  let rest = 0n;
  let divisor = 1n;
  if (power >= 0) value = digits * 10n ** BigInt(power);
  else {
    divisor = 10n ** BigInt(Math.min(-power, 2000));
    value = digits / divisor;
    rest = digits % divisor;
  }
  if (value >= 10n ** BigInt(precision)) return bad('RANGE');
  if (rest !== 0n) {
    if (onLoss === 'reject' || onLoss === 'null') return bad('LOSS');
    if (onLoss === 'round' && rest * 2n >= divisor) value++;
    if (value >= 10n ** BigInt(precision)) return bad('RANGE');
  }
  return good(match[1] === '-' ? -value : value);
}

/** Days since 1970 of a date, by counting years and months; null where there is no such date. */
export function twinDays(year: number, month: number, day: number): number | null {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const months = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > (months[month - 1] ?? 0)) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / 86_400_000;
}

interface Stamp {
  readonly days: number | null;
  readonly time: string | null;
  readonly offset: string | null;
}

function readStamp(text: string): Stamp | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)([zZ]|[+-]\d\d(?::?\d\d)?)?)?$/.exec(
    text,
  );
  if (!match) return null;
  const days = twinDays(Number(match[1]), Number(match[2]), Number(match[3]));
  return { days, time: match[4] ?? null, offset: match[5] ?? null };
}

/** Billionths of a billionth of a second since midnight; null where there is no such time. */
function readClock(time: string): bigint | null {
  const [hours = '', minutes = '', rest = '0'] = time.split(':');
  const [seconds = '', fraction = ''] = rest.split('.');
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const whole = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  // Of what is finer still it only matters that it is there.
  const finer = /[1-9]/.test(fraction.slice(18)) ? 1n : 0n;
  return whole * 10n ** 18n + (BigInt(fraction.padEnd(18, '0').slice(0, 18)) | finer);
}

const DIGITS: Readonly<Record<TimeUnit, bigint>> = { s: 0n, ms: 3n, us: 6n, ns: 9n };

/** 10^-18 seconds → the unit; floor, or half up. */
function toUnit(attos: bigint, unit: TimeUnit, onLoss: OnLoss): TwinCast {
  const divisor = 10n ** (18n - DIGITS[unit]);
  let value = attos / divisor;
  let rest = attos % divisor;
  if (rest < 0n) {
    rest += divisor;
    value--;
  }
  if (rest !== 0n) {
    if (onLoss === 'reject' || onLoss === 'null') return bad('LOSS');
    if (onLoss === 'round' && rest * 2n >= divisor) value++;
  }
  return good(value);
}

function castDate(text: string, onLoss: OnLoss): TwinCast {
  const stamp = readStamp(text);
  if (stamp === null) return bad('SYNTAX');
  if (stamp.days === null) return bad('CALENDAR');
  if (stamp.time !== null) {
    if (readClock(stamp.time) === null || readOffset(stamp.offset ?? 'Z') === null) return bad('CALENDAR');
    if (onLoss !== 'truncate') return bad('LOSS');
  }
  return good(BigInt(stamp.days));
}

function castTime(text: string, unit: TimeUnit, onLoss: OnLoss): TwinCast {
  if (!/^\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text)) return bad('SYNTAX');
  const clock = readClock(text);
  if (clock === null) return bad('CALENDAR');
  const cast = toUnit(clock, unit, onLoss);
  if ('value' in cast && (cast.value as bigint) >= 86_400n * 10n ** DIGITS[unit]) return bad('RANGE');
  return cast;
}

function readOffset(text: string): number | null {
  if (text.toLowerCase() === 'z') return 0;
  const [hours = 0, minutes = 0] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(':', '') || '0')];
  if (hours > 23 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function castTimestamp(text: string, unit: TimeUnit, zoned: boolean, rules: CastRules): TwinCast {
  const stamp = readStamp(text);
  if (stamp === null) return bad('SYNTAX');
  if (stamp.days === null) return bad('CALENDAR');
  const clock = stamp.time === null ? 0n : readClock(stamp.time);
  const offset = stamp.offset === null ? null : readOffset(stamp.offset);
  if (clock === null || (stamp.offset !== null && offset === null)) return bad('CALENDAR');
  if (offset !== null && !zoned) return bad('LOSS');
  let seconds = BigInt(stamp.days) * 86_400n + clock / 10n ** 18n - BigInt(offset ?? 0);
  if (offset === null && zoned && rules.timezone !== 'UTC') {
    const instants = twinInstants(Number(seconds), rules.timezone);
    if (instants.length !== 1) return bad('ZONE');
    seconds = BigInt(instants[0] ?? 0);
  }
  const cast = toUnit(seconds * 10n ** 18n + (clock % 10n ** 18n), unit, rules.onLoss);
  if ('value' in cast && unit === 'ns') {
    const value = cast.value as bigint;
    if (value >= 1n << 63n || value < -(1n << 63n)) return bad('RANGE');
  }
  return cast;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Every instant at which clocks of a zone show this local time (seconds since 1970 as if it were UTC). */
export function twinInstants(local: number, zone: string): readonly number[] {
  const offsets = new Set<number>();
  for (let hours = -36; hours <= 36; hours += 3) offsets.add(offsetAt(local + hours * 3600, zone));
  return [...offsets].map((offset) => local - offset).filter((instant) => instant + offsetAt(instant, zone) === local);
}

function offsetAt(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant * 1000).map(({ type, value }) => [type, value]));
  const year = parts['era']?.startsWith('B') ? 1 - Number(parts['year']) : Number(parts['year']);
  const date = new Date(0);
  date.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']));
  date.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']));
  return date.getTime() / 1000 - instant;
}
