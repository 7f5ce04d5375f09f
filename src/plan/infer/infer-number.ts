import type { NumberStyle } from '../../flow/dataset-plan.ts';
import type { ColumnProfile, NumberReading } from '../../flow/profile.ts';
import type { GuessAlternative, GuessOptions } from './feature-guess.ts';
import { allOf, alternativeOf, countOf, type Verdict, verdictOf } from './guess-verdict.ts';
import { NAN_SPELLINGS } from './null-spellings.ts';

const INT64 = { least: -(1n << 63n), greatest: (1n << 63n) - 1n };
const UINT64_GREATEST = (1n << 64n) - 1n;
const MOST_DIGITS = 38;
/** More digits after the separator are the text of a float. */
const DECIMAL_SCALE = 9;
/** Digits before the separator that are left beside those that are needed. */
const HEADROOM = 3;
/** Digits with a plus sign from which on they are a telephone number. */
const PHONE_DIGITS = 7;
/** Seconds since 1970 of the years 2001 to 2100. */
const EPOCH = { least: 978_307_200n, greatest: 4_102_444_800n };

/** Numbers, in the one spelling that fits all values and that at least one of them proves. */
export function inferNumber(column: ColumnProfile, options: GuessOptions): Verdict | null {
  const fitting = column.numbers.filter(({ values }) => values === column.values);
  if (fitting.length === 0) return null;
  const code = refuseCode(column, fitting);
  if (code !== null) return code;
  const proven = choose(fitting);
  const reading = proven ?? fitting.find(({ decimal }) => decimal === options.decimal) ?? null;
  if (reading === null || (proven === null && isPhoneLike(reading))) return ambiguous(column, fitting);
  const signs = judgeSigns(column, reading);
  if ('text' in signs) return signs.text;
  const style = styleOf(reading, signs);
  const hasNan = style?.percent == null && style?.currency == null && hasFreeNan(column, options);
  const verdict = typeOf(column, reading, hasNan);
  if (verdict.type === 'string') return verdict;
  const spelled = [
    ...(style === null ? [] : [describeStyle(style, reading)]),
    ...(proven === null ? [`${JSON.stringify(reading.decimal)} stands before fractions in other columns`] : []),
  ];
  const alternatives = [
    ...verdict.alternatives.map((each) => ({ ...each, style: isNumeric(each.type) ? style : null })),
    ...(proven === null
      ? ambiguous(
          column,
          fitting.filter((each) => each !== reading),
        ).alternatives
      : []),
  ];
  const percent = style?.percent === 'number' ? [fractionOf(verdict, style)] : [];
  return {
    ...verdict,
    style,
    confidence: verdict.confidence - (style === null ? 0 : 0.05) - (proven === null ? 0.15 : 0),
    evidence: [...verdict.evidence, ...spelled],
    alternatives: [...alternatives, ...percent],
  };
}

/** Whether a value that a float can hold stands among the nulls. */
function hasFreeNan({ nulls }: ColumnProfile, { nullValues = [] }: GuessOptions): boolean {
  return nulls.some(({ text }) => NAN_SPELLINGS.has(text) && !nullValues.includes(text));
}

/** Digits that are no quantity: codes with zeroes in front, telephone numbers, digits beyond any type. */
function refuseCode(column: ColumnProfile, fitting: readonly NumberReading[]): Verdict | null {
  const coded = fitting.find(({ leadingZeros }) => leadingZeros > 0);
  if (coded !== undefined) {
    const zeros = coded.leadingZeros;
    const why = `${countOf(zeros, 'value')} would lose ${zeros === 1 ? 'its zeroes' : 'their zeroes'} in front`;
    const evidence = [
      `${allOf(column.values)} digits, ${countOf(zeros, 'value')} with zeroes in front: codes, not quantities`,
    ];
    return verdictOf('string', 0.95, evidence, { alternatives: asNumbers(column, coded, why) });
  }
  const phones = fitting.find(
    ({ plusSigns, digitsBefore, fractions, exponents }) =>
      plusSigns > 0 && digitsBefore >= PHONE_DIGITS && fractions + exponents === 0,
  );
  if (phones === undefined) return null;
  const evidence = [
    `${countOf(phones.plusSigns, 'value')} with a plus sign and up to ${phones.digitsBefore} digits: telephone numbers`,
  ];
  return verdictOf('string', 0.9, evidence, { alternatives: asNumbers(column, phones, 'would lose the plus signs') });
}

/** What a column would be as numbers, if it can be. */
function asNumbers(column: ColumnProfile, reading: NumberReading, why: string): readonly GuessAlternative[] {
  const signs = judgeSigns(column, reading);
  if ('text' in signs) return [];
  const { type } = typeOf(column, reading, false);
  return type === 'string' ? [] : [alternativeOf(type, why, { style: styleOf(reading, signs) })];
}

/** The spelling that some value proves and none contradicts. */
function choose(fitting: readonly NumberReading[]): NumberReading | null {
  const plain = fitting.find(({ fractions, grouped }) => fractions + grouped === 0);
  if (plain !== undefined) return plain;
  const proven = fitting.filter(
    (reading) => !isPhoneLike(reading) && reading.fractions + reading.grouped > reading.ambiguous,
  );
  const [only, second] = proven;
  return second === undefined ? (only ?? null) : null;
}

/** Digits that are parted by blanks in every value may be telephone numbers or codes. */
function isPhoneLike({ thousands, fractions, grouped, values }: NumberReading): boolean {
  return thousands !== null && thousands.trim() === '' && fractions === 0 && grouped === values;
}

function ambiguous(column: ColumnProfile, fitting: readonly NumberReading[]): Verdict {
  const alternatives = fitting.flatMap((reading) =>
    asNumbers(column, reading, `if ${describeStyle(styleOf(reading, NO_SIGNS) ?? POINT, reading)}`),
  );
  const evidence = [
    `${allOf(column.values)} digits with separators, which no value tells apart: they may stand before a fraction or part thousands`,
  ];
  return verdictOf('string', 0.4, evidence, { alternatives });
}

const POINT: NumberStyle = { decimal: '.', thousands: null, percent: null, currency: null };

type Signs = Pick<NumberStyle, 'percent' | 'currency'>;
const NO_SIGNS: Signs = { percent: null, currency: null };

/** A sign must stand in every value, and be the same in all. */
function judgeSigns(column: ColumnProfile, reading: NumberReading): Signs | { readonly text: Verdict } {
  if (reading.signed === 0) return NO_SIGNS;
  const [sign] = column.signs;
  if (column.signs.length === 1 && sign !== undefined && reading.signed === column.values) {
    return sign.text === '%' ? { percent: 'number', currency: null } : { percent: null, currency: sign.text };
  }
  const shown = column.signs
    .map(({ text, fields }) => `${JSON.stringify(text)} (${fields.toLocaleString('en-US')})`)
    .join(', ');
  const without = column.values - reading.signed;
  const evidence = [
    `${allOf(column.values)} numbers, with signs that are not the same in all: ${shown}, none (${without})`,
  ];
  const currencies = column.signs.filter(({ text }) => text !== '%');
  const alternatives =
    currencies.length === 1 && column.signs.length === 1 && sign !== undefined
      ? [
          alternativeOf(
            typeOf(column, reading, false).type,
            `if the values without ${JSON.stringify(sign.text)} mean the same`,
            {
              style: styleOf(reading, { percent: null, currency: sign.text }),
            },
          ),
        ]
      : [];
  return { text: verdictOf('string', 0.7, evidence, { alternatives }) };
}

/** How a reading is declared; null where that is nothing out of the ordinary. */
function styleOf({ decimal, thousands }: NumberReading, signs: Signs): NumberStyle | null {
  const style: NumberStyle = { decimal, thousands, ...signs };
  const plain = decimal === '.' && thousands === null && signs.percent === null && signs.currency === null;
  return plain ? null : style;
}

function describeStyle({ decimal, thousands, percent, currency }: NumberStyle, { fractions }: NumberReading): string {
  const parts = [
    ...(fractions > 0 || decimal === ',' ? [`${JSON.stringify(decimal)} stands before fractions`] : []),
    ...(thousands === null ? [] : [`${JSON.stringify(thousands)} parts thousands`]),
    ...(percent === null ? [] : ['every value has a percent sign']),
    ...(currency === null ? [] : [`every value has the sign ${JSON.stringify(currency)}`]),
  ];
  return parts.join(', ');
}

/** The same percentages as fractions of one. */
function fractionOf({ type }: Verdict, style: NumberStyle): GuessAlternative {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type);
  const scale = decimal === null ? 2 : Number(decimal[2]) + 2;
  const narrow = type === 'bigint' || decimal !== null;
  const precision = Math.max(18, Math.min(MOST_DIGITS, Number(decimal?.[1] ?? 18) + 2));
  return alternativeOf(narrow ? `decimal(${precision},${scale})` : type, '12.5% as 0.125 instead of 12.5', {
    style: { ...style, percent: 'fraction' },
  });
}

function isNumeric(type: string): boolean {
  return type !== 'string' && type !== 'boolean' && !type.startsWith('date') && !type.startsWith('timestamp');
}

/** The narrowest type that takes a reading, with room for more of the same. */
function typeOf(column: ColumnProfile, reading: NumberReading, hasNan: boolean): Verdict {
  const { fractions, exponents, named, beyondDouble } = reading;
  if (beyondDouble > 0) {
    return verdictOf('string', 0.6, [`${countOf(beyondDouble, 'number')} beyond the range of a double`]);
  }
  if (fractions + exponents + named > 0) return typeOfFractions(reading, hasNan);
  return typeOfIntegers(column, reading);
}

function typeOfIntegers(column: ColumnProfile, reading: NumberReading): Verdict {
  const { digitsBefore, values } = reading;
  if (digitsBefore > MOST_DIGITS || reading.least === null || reading.greatest === null) {
    const evidence = [`${allOf(values)} integers of up to ${digitsBefore} digits, ${MOST_DIGITS} are possible`];
    return verdictOf('string', 0.9, evidence);
  }
  const [least, greatest] = [BigInt(reading.least), BigInt(reading.greatest)];
  const evidence = [`${allOf(values)} integers of up to ${countOf(Math.max(1, digitsBefore), 'digit')}`];
  if (least >= INT64.least && greatest <= INT64.greatest) {
    const flags = column.booleans.reduce((sum, { fields }) => sum + fields, 0) === values;
    if (flags) {
      const why = 'every value is 0 or 1';
      return verdictOf('bigint', 0.85, [...evidence, why], { alternatives: [alternativeOf('boolean', why)] });
    }
    return verdictOf('bigint', 0.98, [...evidence, ...epochOf(least, greatest)]);
  }
  if (least >= 0n && greatest <= UINT64_GREATEST) {
    const alternatives = [alternativeOf(`decimal(${MOST_DIGITS},0)`, 'has room for more digits')];
    return verdictOf('uint64', 0.9, [...evidence, 'beyond the range of a bigint'], { alternatives });
  }
  const alternatives = [alternativeOf('string', 'if they are identifiers')];
  return verdictOf(`decimal(${MOST_DIGITS},0)`, 0.9, [...evidence, 'beyond the range of 64 bits'], { alternatives });
}

function epochOf(least: bigint, greatest: bigint): readonly string[] {
  const within = (per: bigint): boolean => least >= EPOCH.least * per && greatest < EPOCH.greatest * per;
  if (within(1n)) return ['they could be seconds since 1970'];
  if (within(1000n)) return ['they could be milliseconds since 1970'];
  return within(1_000_000n) ? ['they could be microseconds since 1970'] : [];
}

function typeOfFractions(reading: NumberReading, hasNan: boolean): Verdict {
  const { fractions, exponents, named, digitsBefore, digitsAfter, values } = reading;
  const seen = [
    `${allOf(values)} numbers`,
    ...(fractions > 0
      ? [`${countOf(fractions, 'value')} with a fraction, of up to ${countOf(digitsAfter, 'digit')}`]
      : []),
    ...(exponents > 0 ? [`${countOf(exponents, 'value')} with an exponent`] : []),
    ...(named > 0 ? [`${countOf(named, 'value')} infinite or not a number`] : []),
  ];
  if (named > 0 || exponents > 0) return verdictOf('double', 0.95, seen, { nanIsValue: hasNan });
  const decimal = decimalOf(Math.max(digitsBefore, 1), digitsAfter);
  if (hasNan) {
    const alternatives = decimal === null ? [] : [alternativeOf(decimal, 'if NaN means null')];
    const evidence = [...seen, 'NaN is a value of a double'];
    return verdictOf('double', 0.85, evidence, { alternatives, nanIsValue: true });
  }
  if (decimal === null || digitsAfter > DECIMAL_SCALE) {
    const alternatives = decimal === null ? [] : [alternativeOf(decimal, 'keeps every digit')];
    return verdictOf('double', 0.85, [...seen, 'as many digits as the text of a float has'], { alternatives });
  }
  const room = `${decimal} leaves room for more digits before the separator than the ${digitsBefore} there are`;
  return verdictOf(decimal, 0.95, [...seen, room], {
    alternatives: [alternativeOf('double', 'if rounding does not matter')],
  });
}

/** A decimal with some digits to spare, or null where 38 are too few. */
function decimalOf(before: number, after: number): string | null {
  if (before + after > MOST_DIGITS) return null;
  return `decimal(${before + after + HEADROOM <= 18 ? 18 : MOST_DIGITS},${after})`;
}
