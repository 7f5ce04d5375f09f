import type { NumberReading } from '../../flow/profile.ts';
import {
  CLASS_COMMA_EITHER,
  CLASS_POINT_EITHER,
  CLASSES,
  N_AFTER,
  N_BEFORE,
  N_BEYOND,
  N_COUNT,
  N_EXPONENTS,
  N_GREATEST,
  N_LEADING_ZEROS,
  N_LEAST,
  N_LONG,
  N_MAGNITUDE,
  N_PLUS,
  N_SCALE,
  N_SIGNED,
  N_SIZE,
  P_NUMBERS,
} from '../../kernel/assembly/profile-layout.ts';
import {
  DECIMAL_SEPARATORS,
  type DecimalSeparator,
  THOUSANDS_SEPARATORS,
  type ThousandsSeparator,
} from '../../metadata/number-separators.ts';

/** The numbers of one class of spelling. */
interface NumberClass {
  readonly count: number;
  readonly exponents: number;
  readonly leadingZeros: number;
  readonly plus: number;
  readonly signed: number;
  readonly beyond: number;
  readonly before: number;
  readonly after: number;
  readonly scale: number;
  readonly magnitude: number;
  readonly least: bigint | null;
  readonly greatest: bigint | null;
}

/** Where an integer may stand with groups of digits, or a decimal with a fraction: what each class is to a reading. */
type Part = {
  readonly of: NumberClass;
  readonly as: 'plain' | 'fraction' | 'grouped' | 'groupedFraction';
  readonly either: boolean;
};

/**
 * The numbers of a column's counters in every spelling that some value speaks for. `named` values (infinities) fit all.
 */
export function readNumbers(view: DataView, block: number, named: number): readonly NumberReading[] {
  const classes = Array.from({ length: CLASSES }, (_, index) => readClass(view, block + P_NUMBERS + index * N_SIZE));
  if (named === 0 && classes.every(({ count }) => count === 0)) return [];
  const at = (index: number): NumberClass => classes[index] ?? NOTHING;
  const readings: NumberReading[] = [];
  for (const decimal of DECIMAL_SEPARATORS) {
    const plain = partsOf(at, decimal, null);
    const speaks =
      decimal === '.'
        ? plain.some(isThere) || named > 0
        : plain.some((part) => part.as === 'fraction' && isThere(part));
    if (speaks) readings.push(mergeParts(plain, decimal, null, named));
  }
  for (const thousands of THOUSANDS_SEPARATORS) {
    const possible = DECIMAL_SEPARATORS.filter((decimal) => decimal !== thousands).map((decimal) => ({
      decimal,
      parts: partsOf(at, decimal, thousands),
    }));
    if (!possible.some(({ parts }) => parts.some((part) => part.as.startsWith('grouped') && isThere(part)))) continue;
    const spoken = possible.filter(({ parts }) =>
      parts.some((part) => part.as !== 'plain' && part.as !== 'grouped' && isThere(part)),
    );
    for (const { decimal, parts } of spoken.length > 0 ? spoken : possible.slice(0, 1)) {
      readings.push(mergeParts(parts, decimal, thousands, named));
    }
  }
  return readings;
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));
const isThere = (part: Part): boolean => part.of.count > 0;

function partsOf(
  at: (index: number) => NumberClass,
  decimal: DecimalSeparator,
  thousands: ThousandsSeparator | null,
): readonly Part[] {
  const d = decimal === '.' ? 1 : 2;
  const parts: Part[] = [
    { of: at(0), as: 'plain', either: false },
    { of: at(d), as: 'fraction', either: false },
    { of: at(decimal === '.' ? CLASS_POINT_EITHER : CLASS_COMMA_EITHER), as: 'fraction', either: true },
  ];
  if (thousands === null) return parts;
  const t = (THOUSANDS_SEPARATORS.indexOf(thousands) + 1) * 3;
  parts.push({ of: at(t), as: 'grouped', either: false }, { of: at(t + d), as: 'groupedFraction', either: false });
  if (thousands === ',') parts.push({ of: at(CLASS_COMMA_EITHER), as: 'grouped', either: true });
  if (thousands === '.') parts.push({ of: at(CLASS_POINT_EITHER), as: 'grouped', either: true });
  return parts;
}

function mergeParts(
  parts: readonly Part[],
  decimal: DecimalSeparator,
  thousands: ThousandsSeparator | null,
  named: number,
): NumberReading {
  const there = parts.filter(isThere);
  const sum = (count: (part: Part) => number): number => there.reduce((total, part) => total + count(part), 0);
  const most = (measure: (part: Part) => number): number => Math.max(0, ...there.map(measure));
  const isInteger = ({ as }: Part): boolean => as === 'plain' || as === 'grouped';
  const integers = there.filter(isInteger);
  // What may be either was measured as a fraction: three more digits stand before the separator where it is none.
  const regrouped = (part: Part): number => (part.either && part.as === 'grouped' ? 3 : 0);
  const bounds = integers.flatMap(({ of }) => [of.least, of.greatest].filter((bound) => bound !== null)).sort(compare);
  return {
    decimal,
    thousands,
    values: sum(({ of }) => of.count) + named,
    integers: sum((part) => (isInteger(part) ? part.of.count - part.of.exponents : 0)),
    exponents: sum(({ of }) => of.exponents),
    named,
    leadingZeros: sum(({ of }) => of.leadingZeros),
    plusSigns: sum(({ of }) => of.plus),
    fractions: sum((part) => (isInteger(part) ? 0 : part.of.count)),
    grouped: sum(({ of, as }) => (as.startsWith('grouped') ? of.count : 0)),
    ambiguous: sum(({ of, either }) => (either ? of.count : 0)),
    signed: sum(({ of }) => of.signed),
    digitsBefore: most((part) => part.of.before + regrouped(part)),
    digitsAfter: most((part) => (isInteger(part) ? 0 : part.of.after)),
    scale: most((part) => (part.either && part.as === 'grouped' && part.of.exponents === 0 ? 0 : part.of.scale)),
    magnitude: most((part) => part.of.magnitude + regrouped(part)),
    beyondDouble: sum(({ of }) => of.beyond),
    least: bounds[0]?.toString() ?? null,
    greatest: bounds.at(-1)?.toString() ?? null,
  };
}

const NOTHING: NumberClass = {
  count: 0,
  exponents: 0,
  leadingZeros: 0,
  plus: 0,
  signed: 0,
  beyond: 0,
  before: 0,
  after: 0,
  scale: 0,
  magnitude: 0,
  least: null,
  greatest: null,
};

function readClass(view: DataView, at: number): NumberClass {
  if (view.getUint32(at + N_COUNT, true) === 0 && view.getUint32(at + N_COUNT + 4, true) === 0) return NOTHING;
  const count = (slot: number): number => Number(view.getBigUint64(at + slot, true));
  const long = (slot: number): bigint =>
    (view.getBigUint64(at + N_LONG + slot + 8, true) << 64n) | view.getBigUint64(at + N_LONG + slot, true);
  const least = view.getBigInt64(at + N_LEAST, true);
  const greatest = view.getBigInt64(at + N_GREATEST, true);
  const bounds = least > greatest ? [] : [least, greatest];
  if (long(0) > 0n) bounds.push(long(0), long(16));
  if (long(32) > 0n) bounds.push(-long(32), -long(48));
  bounds.sort(compare);
  return {
    count: count(N_COUNT),
    exponents: count(N_EXPONENTS),
    leadingZeros: count(N_LEADING_ZEROS),
    plus: count(N_PLUS),
    signed: count(N_SIGNED),
    beyond: count(N_BEYOND),
    before: view.getUint32(at + N_BEFORE, true),
    after: view.getUint32(at + N_AFTER, true),
    scale: view.getUint32(at + N_SCALE, true),
    magnitude: view.getInt32(at + N_MAGNITUDE, true),
    least: bounds[0] ?? null,
    greatest: bounds.at(-1) ?? null,
  };
}
