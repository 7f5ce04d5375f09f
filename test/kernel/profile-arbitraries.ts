import fc from 'fast-check';
import { listWords } from '../../src/source/profile/profile-words.ts';
import { decimalText, floatText, integerText, stampText } from './csv-arbitraries.ts';

const bytes = (text: string): string => Buffer.from(text).toString('latin1');
const join = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));
const number = (least: number, most: number, width = 1): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((value) => String(value).padStart(width, '0'));

const blank = fc.constantFrom('', '', ' ', ' ', ' ', ' ').map(bytes);
const separator = fc.constantFrom(',', '.', ' ', "'", '’', '_', ' ', ' ', ' ').map(bytes);
const sign = fc.constantFrom('', '', '', '-', '+');

/** Numbers in groups of digits, most of them of three. */
export const groupedText: fc.Arbitrary<string> = fc
  .tuple(
    sign,
    fc.array(number(0, 999, 3), { maxLength: 3 }),
    number(0, 1999),
    separator,
    fc.constantFrom('', '.', ','),
    number(0, 99_999),
  )
  .chain(([minus, groups, first, part, point, rest]) =>
    fc.constantFrom('', '', '', 'e5', 'E-3').map((power) => {
      const fraction = point === '' ? '' : `${point}${rest}`;
      return `${minus}${[first, ...groups].join(part)}${fraction}${power}`;
    }),
  );

const affix = fc.constantFrom('%', '$', '€', 'kr', 'EUR', 'US$', 'x', '').map(bytes);
/** Numbers beside signs. */
export const signedText: fc.Arbitrary<string> = fc.oneof(
  join(groupedText, blank, affix),
  join(sign, affix, blank, groupedText),
  join(affix, blank, groupedText, blank, affix),
);

const names = 'Jan feb MAR April may June jul August september Oct Nov dec Sept'.split(' ');
const weekdays = 'Mon tue Wednesday Thu Fri sat Sunday'.split(' ');
const day = number(0, 32, 2);
const plainDay = number(1, 31);
const year = fc.oneof(number(1899, 2201, 4), number(0, 99, 2));
const part = fc.oneof(day, plainDay, fc.constantFrom(...names), year);
const between = fc.constantFrom('/', '.', '-', ' ', ', ');
const clock = fc.oneof(
  join(number(0, 24, 2), fc.constant(':'), number(0, 60, 2)),
  join(number(0, 24), fc.constant(':'), number(0, 60, 2), fc.constant(':'), number(0, 60, 2)),
  join(
    number(0, 23, 2),
    fc.constant(':'),
    number(0, 59, 2),
    fc.constant(':'),
    number(0, 59, 2),
    fc.constantFrom('.', ','),
    number(0, 99_999),
  ),
  join(number(0, 13), fc.constant(':'), number(0, 59, 2), fc.constantFrom(' AM', ' pm', 'PM')),
);
const zone = fc.constantFrom('', '', '', ' +0200', '+02:00', ' GMT', ' UTC', 'Z', ' -03');

/** Dates and times in every format that people write. */
export const formattedText: fc.Arbitrary<string> = fc.oneof(
  between.chain((mark) => join(part, fc.constant(mark), part, fc.constant(mark), part)),
  between.chain((mark) => join(day, fc.constant(mark), number(0, 13, 2), fc.constant(mark), year)),
  join(fc.constantFrom(...names), fc.constant(' '), plainDay, fc.constant(', '), year),
  join(part, between, part, between, year, fc.constantFrom(' ', 'T', ':'), clock, zone),
  join(
    fc.constantFrom(...weekdays),
    fc.constant(', '),
    plainDay,
    fc.constant(' '),
    fc.constantFrom(...names),
    fc.constant(' '),
    year,
    fc.constant(' '),
    clock,
    zone,
  ),
  clock,
  join(number(1899, 2201, 4), number(0, 13, 2), day),
  join(
    number(1899, 2201, 4),
    number(1, 12, 2),
    number(1, 28, 2),
    fc.constantFrom('', 'T'),
    number(0, 23, 2),
    number(0, 59, 2),
    number(0, 60, 2),
  ),
);

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: length, maxLength: length });
const special = fc.oneof(
  fc.constantFrom(...listWords([]).map(({ text }) => bytes(text))),
  fc.constantFrom('', 'inf', '-Infinity', '+nan', 'nAn', 'infinit'),
  fc.uuid(),
  hex(32),
  fc.json().map(bytes),
  fc.constantFrom('{}', '[1]', '{"a":', '[', '{a}'),
);

/** Anything that a field may hold, one character per byte. */
export const fieldText: fc.Arbitrary<string> = fc.oneof(
  integerText,
  floatText,
  decimalText,
  stampText,
  groupedText,
  signedText,
  formattedText,
  formattedText,
  special,
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(bytes),
  fc.string({ unit: fc.constantFrom(...'\u0080ÿÃé ab1\t'), maxLength: 8 }),
);
