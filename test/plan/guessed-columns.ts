import fc from 'fast-check';
import { decimalText, floatText, integerText, stampText } from '../kernel/csv-arbitraries.ts';
import { fieldText, formattedText, groupedText, signedText } from '../kernel/profile-arbitraries.ts';
import { type ProfiledField, SEPARATOR } from '../kernel/profile-drive.ts';

const bytes = (text: string): string => Buffer.from(text).toString('latin1');
const join = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));
const number = (least: number, most: number, width = 1): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((value) => String(value).padStart(width, '0'));
const day = number(1, 28, 2);
const month = number(1, 12, 2);
const year = number(1950, 2049);
const clock = join(number(0, 23, 2), fc.constant(':'), number(0, 59, 2), fc.constant(':'), number(0, 59, 2));
const date = join(year, fc.constant('-'), month, fc.constant('-'), day);
const fraction = fc.constantFrom('', '.5', '.123', '.123456', '.123456789', '.1234567890123');
const only = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts.map(bytes));

/** Texts of columns that hold one kind of thing each, as files do. */
export const COLUMNS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'small integers': number(-200, 300),
  'integers of 64 bits': fc.bigInt({ min: -(1n << 64n), max: 1n << 64n }).map(String),
  'unsigned integers': fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(String),
  'long integers': fc.bigInt({ min: -(10n ** 39n), max: 10n ** 39n }).map(String),
  flags: only('0', '1'),
  codes: number(0, 99_999, 5),
  'telephone numbers': only('+49 170 1234567', '+491701234567', '0170 123 456', '170 123 456', '555-1234'),
  prices: join(number(0, 9999), fc.constant('.'), number(0, 99, 2)),
  'three digits': join(number(0, 999), fc.constantFrom('.', ','), number(0, 999, 3)),
  'three digits after a point': join(number(1, 999), fc.constant('.'), number(0, 999, 3)),
  'three digits after a comma': join(number(1, 999), fc.constant(','), number(0, 999, 3)),
  'german prices': join(number(0, 999), fc.constantFrom('', '.123', '.999.000'), fc.constant(','), number(0, 99, 2)),
  'swiss prices': join(number(1, 999), fc.constantFrom('', "'123", "'999'000"), fc.constantFrom('', '.5', '.55')),
  'french prices': join(number(1, 999), fc.constantFrom('', ' 123'), fc.constantFrom(',5', ',55')).map(bytes),
  grouped: groupedText,
  signed: signedText,
  percentages: join(number(0, 100), fc.constantFrom('', '.5'), only('%', ' %')),
  euros: join(number(0, 1000), fc.constantFrom('', ',50'), only(' €')),
  dollars: join(only('$', '-$'), number(0, 1000), fc.constantFrom('', '.50', ',000')),
  floats: floatText,
  doubles: fc.double().map(String),
  decimals: decimalText,
  integers: integerText,
  booleans: only('true', 'false', 'TRUE'),
  'yes or no': only('yes', 'no', 'Y', 'n'),
  letters: only('T', 'F'),
  'one letter': only('F'),
  'iso dates': date,
  'iso timestamps': join(date, fc.constantFrom(' ', 'T'), clock, fraction),
  'iso zoned': join(date, fc.constant('T'), clock, fraction, fc.constantFrom('Z', '+02:00')),
  'iso mixed': join(date, fc.constantFrom('', 'T10:00', 'T10:00Z')),
  'iso times': join(clock, fraction),
  stamps: stampText,
  'day first': join(number(1, 31, 2), fc.constant('/'), month, fc.constant('/'), year),
  'month first': join(number(1, 12), fc.constant('/'), number(1, 31), fc.constant('/'), year),
  'short years': join(day, fc.constant('.'), month, fc.constant('.'), number(0, 99, 2)),
  'compact dates': join(year, month, day),
  'compact timestamps': join(year, month, day, fc.constantFrom('', 'T'), only('101112', '000000')),
  'with a time': join(day, fc.constant('.'), month, fc.constant('.'), year, fc.constant(' '), clock),
  'with a fraction': join(
    month,
    fc.constant('/'),
    number(13, 28),
    fc.constant('/'),
    year,
    fc.constant(' '),
    clock,
    fc.constantFrom('.5', '.123456', '.1234567'),
  ),
  'twelve hours': join(number(1, 12), fc.constant(':30 '), fc.constantFrom('AM', 'pm')),
  'month names': join(number(1, 28), fc.constantFrom(' Jan ', ' March ', ' dec '), year),
  formatted: formattedText,
  uuids: fc.uuid(),
  checksums: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 }),
  json: fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), fc.integer()).map((value) => JSON.stringify(value)),
  infinities: fc.constantFrom('1.5', 'inf', '-Infinity', '2e5'),
  anything: fieldText,
};

const KEPT_APART = `\r\n"${String.fromCharCode(SEPARATOR)}`;

/** Columns of one kind, with what stands for nothing among them. */
export function columnOf(text: fc.Arbitrary<string>): fc.Arbitrary<readonly ProfiledField[]> {
  const plain = text.filter((each) => ![...KEPT_APART].some((part) => each.includes(part)));
  const field = (source: fc.Arbitrary<string>, quoted: fc.Arbitrary<boolean>) => fc.record({ text: source, quoted });
  const nothing = fc.constantFrom('', '', 'NA', 'NULL', '\\N', '-', 'NaN', 'n/a');
  const never = fc.constant(false);
  return fc.oneof(
    fc.array(field(plain, never), { maxLength: 8 }),
    fc.array(field(plain, fc.boolean()), { maxLength: 8 }),
    fc.array(fc.oneof({ weight: 4, arbitrary: field(plain, fc.boolean()) }, field(nothing, never)), { maxLength: 8 }),
    fc.array(fc.oneof({ weight: 4, arbitrary: field(plain, fc.boolean()) }, field(nothing, fc.boolean())), {
      maxLength: 8,
    }),
  );
}
