import fc from 'fast-check';
import { decimalText, floatText, integerText, stampText } from './csv-arbitraries.ts';

const quoted = (text: string): string => JSON.stringify(text);

/** Numbers as JSON allows them, with fractions and exponents that are whole or not. */
const numberText: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: -300, max: 70_000 }).map(String),
  fc.bigInt({ min: -(1n << 65n), max: 1n << 65n }).map(String),
  fc
    .tuple(
      fc.integer({ min: -999, max: 999 }),
      fc.constantFrom('', '.0', '.5', '.000', '.25', '.999999999'),
      fc.constantFrom('', '', 'e0', 'E2', 'e+3', 'e-1', 'e-3', 'e18', 'e19', 'e20', 'e400', 'e-400'),
    )
    .map((parts) => parts.join('')),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom('-0', '-0.0', '0e9', '1E400', '9007199254740993', '18446744073709551615', '18446744073709551616'),
);

const piece = fc.constantFrom(
  ...[
    'a',
    'é',
    '😀',
    ' ',
    '\\n',
    '\\"',
    '\\\\',
    '\\/',
    '\\u0041',
    '\\u00e9',
    '\\ud83d\\ude00',
    '\\u0000',
    '\\t',
    'true',
  ],
  ...['x'.repeat(15), 'y'.repeat(16), 'z'.repeat(40), '{', '}', '[', ',', ':', '\u007f', '\\b\\f\\r'],
);
const strangePiece = fc.constantFrom('\\ud800', '\\udc00', '\\ud83d', '\\u12', '\\x', '\\', '\u0001', '\t');

/** Strings with their quotes; some are broken. */
const stringText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 8 }).map((parts) => `"${parts.join('')}"`) },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(piece, strangePiece), { maxLength: 5 }).map((parts) => `"${parts.join('')}"`),
  },
  { weight: 3, arbitrary: fc.oneof(integerText, floatText, decimalText, stampText).map(quoted) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['"true"', '"NA"', '""', '"6f1c2d3e-0000-4000-8000-00000000000a"', '"2024-03-31 02:30:00"', '"1.234,5 %"'],
    ),
  },
);

const blank = fc.constantFrom('', '', '', '', ' ', '\t', '  ', '\r');

/** Any value, well-formed but for strings that are not. */
export const valueText: fc.Arbitrary<string> = fc.letrec<{ value: string; nested: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 4, arbitrary: numberText },
    { weight: 4, arbitrary: stringText },
    { weight: 2, arbitrary: fc.constantFrom('null', 'true', 'false') },
    { weight: 2, arbitrary: tie('nested') },
  ),
  nested: fc.oneof(
    fc
      .tuple(blank, fc.array(tie('value'), { maxLength: 3 }))
      .map(([between, items]) => `[${between}${items.join(`${between},${between}`)}${between}]`),
    fc
      .tuple(
        blank,
        fc.array(fc.tuple(fc.constantFrom('"y"', '"z"', '"w"', '"\\u0079"'), tie('value')), { maxLength: 3 }),
      )
      .map(
        ([between, items]) =>
          `{${between}${items.map(([key, value]) => `${key}${between}:${between}${value}`).join(',')}}`,
      ),
  ),
})).value;

/** A line: an object of some of the keys, in any order, some twice, with others among them. */
export function lineText(keys: readonly string[]): fc.Arbitrary<string> {
  const key = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...keys).map(quoted) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('"unknown"', '"\\u0061"', '""', '"__proto__"', '"a longer key than the others"'),
    },
  );
  const entry = fc.tuple(key, blank, valueText).map(([name, between, value]) => `${name}${between}:${between}${value}`);
  return fc
    .tuple(blank, fc.uniqueArray(entry, { maxLength: 7, selector: (text) => text.slice(0, text.indexOf(':')) }), blank)
    .map(([before, entries, after]) => `${before}{${entries.join(',')}}${after}`);
}

/** The same, with a character taken out, put in, or changed; or two keys that are one; or no object at all. */
export function damagedLine(keys: readonly string[]): fc.Arbitrary<string> {
  const character = fc.constantFrom(...'{}[]",:\\ \t\r0-.eEtn\u0001\u00ff\u00c3', '\ufeff', '"a":1,', 'null', '\\u');
  const harmed = fc
    .tuple(lineText(keys), fc.nat(), character, fc.constantFrom('in', 'out', 'over', 'cut'))
    .map(([line, at, text, how]) => {
      const place = line.length === 0 ? 0 : at % line.length;
      if (how === 'cut') return line.slice(0, place);
      return line.slice(0, place) + (how === 'out' ? '' : text) + line.slice(how === 'in' ? place : place + 1);
    });
  return fc.oneof(harmed, harmed, valueText, fc.constantFrom('', ' ', '\r', '{}', '{} {}', '[]', '\ufeff{}', 'null'));
}
