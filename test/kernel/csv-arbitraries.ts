import fc from 'fast-check';

const digits = (most: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { maxLength: most }).map((parts) => parts.join(''));
const sign = fc.constantFrom('', '', '', '-', '+');
const noise = fc.string({ unit: fc.constantFrom(...'0123456789.-+eE:T Zx'), maxLength: 24 });

/** Integers of every length, some with a point, some broken. */
export const integerText: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(sign, digits(22)).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: fc.bigInt({ min: -(1n << 65n), max: 1n << 65n }).map(String) },
  { weight: 3, arbitrary: fc.integer({ min: -70_000, max: 70_000 }).map(String) },
  { weight: 2, arbitrary: fc.tuple(sign, digits(20), fc.constant('.'), digits(4)).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: noise },
);

const exponent = (most: number) =>
  fc.oneof(
    fc.constant(''),
    fc.tuple(fc.constantFrom('e', 'E', 'e-', 'e+'), fc.integer({ min: 0, max: most })).map((parts) => parts.join('')),
  );

/** Floats as programs print them, decimal strings of every length, neighbours of ties. */
export const floatText: fc.Arbitrary<string> = fc.oneof(
  fc.double({ noNaN: true }).map(String),
  fc.float({ noNaN: true }).map(String),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((value) => value.toFixed(4)),
  fc.tuple(sign, digits(20), fc.constant('.'), digits(20), exponent(340)).map((parts) => parts.join('')),
  fc.tuple(sign, digits(19), exponent(330)).map((parts) => parts.join('')),
  // Exactly half-way between two floats, and a little beside it.
  fc
    .tuple(fc.bigInt({ min: 1n << 52n, max: (1n << 53n) - 1n }), fc.constantFrom('', '.0', '.00000000000000000001'))
    .map(([m, tail]) => `${2n * m + 1n}${tail}`),
  fc
    .tuple(fc.bigInt({ min: 1n << 23n, max: (1n << 24n) - 1n }), fc.constantFrom('', '.0', '.00000000000000000001'))
    .map(([m, tail]) => `${2n * m + 1n}${tail}`),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-310, max: 1e-290 }).map(String),
  noise,
);

/** Decimals, most of which fit somewhere. */
export const decimalText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(sign, digits(12), fc.constant('.'), digits(6)).map((parts) => parts.join('')) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(sign, digits(40), fc.constantFrom('', '.'), digits(12), exponent(45))
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        sign,
        fc.constantFrom('9', '99', '9'.repeat(16), '9'.repeat(37)),
        fc.constant('.'),
        digits(3),
        fc.constantFrom('', '5', '9'.repeat(40)),
      )
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: noise },
);

const padded = (least: number, most: number, width: number) =>
  fc.integer({ min: least, max: most }).map((value) => String(value).padStart(width, '0'));
const dateText = fc.tuple(padded(0, 9999, 4), padded(0, 13, 2), padded(0, 32, 2)).map((parts) => parts.join('-'));
const clockText = fc.tuple(padded(0, 24, 2), padded(0, 60, 2), padded(0, 60, 2)).map((parts) => parts.join(':'));
const fraction = fc.oneof(
  fc.constant(''),
  digits(12).map((text) => `.${text}`),
  digits(3).map((text) => `.${text}000000`),
);
const offset = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constantFrom('Z', 'z', '+02', '-0330', '+05:45', '+5', '-25:00', '+01:75', ' Z') },
);

/** Dates, times and timestamps, mostly real, in every spelling. */
export const stampText: fc.Arbitrary<string> = fc.oneof(
  dateText,
  fc.tuple(clockText, fraction).map((parts) => parts.join('')),
  fc
    .tuple(dateText, fc.constantFrom('T', ' ', ' ', 't', '-'), clockText, fraction, offset)
    .map((parts) => parts.join('')),
  fc
    .tuple(dateText, fc.constant(' '), padded(0, 23, 2), fc.constant(':'), padded(0, 59, 2), offset)
    .map((parts) => parts.join('')),
  noise,
);
