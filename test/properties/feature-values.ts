import fc from 'fast-check';

/** One value as a CSV field would spell it, and as the judge's canonical query must show it. */
export interface Spelled {
  readonly field: Buffer;
  readonly expected: string;
}

/** A feature type, how to make values of it, and how DuckDB shows one as canonical text. */
export interface FeatureValues {
  readonly type: string;
  readonly values: fc.Arbitrary<Spelled>;
  /** DuckDB expression over the column `c`. */
  readonly canonical: (c: string) => string;
}

const spelled = (field: string | Buffer, expected: string = String(field)): Spelled => ({
  field: Buffer.isBuffer(field) ? field : Buffer.from(field),
  expected,
});
const asText = (c: string): string => `${c}::VARCHAR`;
const hex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase();
const pad = (value: number | bigint, width: number): string => String(value).padStart(width, '0');

function integer(type: string, bits: number, signed: boolean): FeatureValues {
  const [low, high] = signed ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
  const values = fc.oneof(
    fc.bigInt({ min: low, max: high }),
    fc.constantFrom(low, high, 0n, 1n),
    fc.bigInt({ min: low < 0n ? -99n : 0n, max: 99n }),
  );
  return { type, values: values.map((value) => spelled(String(value))), canonical: asText };
}

function decimal(precision: number, scale: number): FeatureValues {
  const most = 10n ** BigInt(precision) - 1n;
  const values = fc.oneof(fc.bigInt({ min: -most, max: most }), fc.constantFrom(most, -most, 0n, 1n, -1n));
  const show = (value: bigint): string => {
    const digits = pad(value < 0n ? -value : value, scale + 1);
    const point = digits.length - scale;
    return `${value < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
  };
  return {
    type: `decimal(${precision},${scale})`,
    values: values.map((value) => spelled(show(value))),
    // DuckDB leaves out the zero before the point where precision and scale are the same.
    canonical: (c) => `regexp_replace(${c}::VARCHAR, '^(-?)\\.', '\\10.')`,
  };
}

function float(type: string, values: fc.Arbitrary<number>): FeatureValues {
  const spell = (value: number): string => (Object.is(value, -0) ? '-0.0' : String(value));
  return {
    type,
    values: values.map((value) => spelled(spell(value), `float ${spell(value)}`)),
    canonical: (c) => `'float ' || ${c}::DOUBLE::VARCHAR`,
  };
}

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(fc.constantFrom('"', ',', ';', '\t', '|', '\r', '\n', '\r\n', '\\', ' ', '""', 'é', '𝄞', 'x', '\u0000'), {
      maxLength: 30,
    })
    .map((parts) => parts.join('')),
  fc.constantFrom('', ' ', 'NULL', '\ufeff', '0017', '-', 'true', 'a'.repeat(3000)),
);

const UNITS = { s: 0, ms: 3, us: 6, ns: 9 } as const;
type Unit = keyof typeof UNITS;

function time(unit: Unit): FeatureValues {
  const digits = UNITS[unit];
  const values = fc.tuple(fc.nat(86_399), fc.nat(10 ** digits - 1)).map(([second, part]) => {
    const clock = new Date(second * 1000).toISOString().slice(11, 19);
    const fraction = digits > 0 ? `.${pad(part, digits)}` : '';
    return spelled(clock + fraction, clock + fraction.replace(/\.?0+$/, ''));
  });
  return {
    type: `time(${unit})`,
    values,
    canonical: (c) => `regexp_replace(regexp_replace(${c}::VARCHAR, '(\\.\\d*?)0+$', '\\1'), '\\.$', '')`,
  };
}

function timestamp(unit: Unit, zoned: boolean): FeatureValues {
  const digits = UNITS[unit];
  // DuckDB, which judges here, shows a zoned timestamp to the microsecond only.
  const step = zoned && unit === 'ns' ? 1000 : 1;
  const range = unit === 'ns' ? [-9_223_372_000, 9_223_372_000] : [-62_135_596_800, 253_402_300_799];
  const offset = zoned ? fc.constantFrom('', 'Z', '+00:00', '+05:30', '-0800', '+14') : fc.constant('');
  const values = fc
    .tuple(
      fc.oneof(fc.integer({ min: range[0] as number, max: range[1] as number }), fc.integer({ min: -100, max: 100 })),
      fc.nat(10 ** digits / step - 1).map((part) => part * step),
      fc.constantFrom(' ', 'T'),
      offset,
    )
    .map(([second, part, separator, zone]) => {
      const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
      const ahead = match ? (Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60) * (match[1] === '-' ? -1 : 1) : 0;
      const local = Math.min(Math.max(second + ahead, -62_135_596_800), 253_402_300_799);
      const [day, clock] = new Date(local * 1000)
        .toISOString()
        .replace(/^[+-]\d\d/, '')
        .split('T') as [string, string];
      const fraction = digits > 0 ? `.${pad(part, digits)}` : '';
      const scale = BigInt(10 ** digits);
      const units = BigInt(local - ahead) * scale + BigInt(part);
      return spelled(
        day + separator + clock.slice(0, 8) + fraction + zone,
        `epoch ${units * (unit === 'ns' ? 1n : 1_000_000n / scale)}`,
      );
    });
  return {
    type: `${zoned ? 'timestamptz' : 'timestamp'}(${unit})`,
    values,
    canonical: (c) => `'epoch ' || ${unit === 'ns' ? 'epoch_ns' : 'epoch_us'}(${c})`,
  };
}

const TYPES: readonly FeatureValues[] = [
  ...[8, 16, 32, 64].flatMap((bits) => [integer(`int${bits}`, bits, true), integer(`uint${bits}`, bits, false)]),
  ...(
    [
      [1, 0],
      [4, 2],
      [9, 9],
      [10, 3],
      [18, 0],
      [19, 4],
      [38, 10],
      [38, 38],
    ] as const
  ).map(([p, s]) => decimal(p, s)),
  float('double', fc.double({ noNaN: true, noDefaultInfinity: true })),
  float('real', fc.float({ noNaN: true, noDefaultInfinity: true })),
  {
    type: 'boolean',
    values: fc.boolean().map((value) => spelled(String(value))),
    canonical: asText,
  },
  {
    type: 'string',
    values: nasty.filter((text) => !/\p{Cs}/u.test(text)).map((text) => spelled(text, hex(Buffer.from(text)))),
    canonical: (c) => `hex(encode(${c}))`,
  },
  {
    type: 'string',
    values: fc.constantFrom('red', 'green', 'blue', '').map((text) => spelled(text, hex(Buffer.from(text)))),
    canonical: (c) => `hex(encode(${c}))`,
  },
  {
    type: 'json',
    values: fc.json().map((text) => spelled(text, hex(Buffer.from(text)))),
    canonical: (c) => `hex(encode(${c}::VARCHAR))`,
  },
  {
    type: 'binary',
    values: fc.uint8Array({ maxLength: 60 }).map((bytes) => spelled(Buffer.from(bytes), hex(Buffer.from(bytes)))),
    canonical: (c) => `hex(${c})`,
  },
  { type: 'uuid', values: fc.uuid().map((text) => spelled(text)), canonical: asText },
  {
    type: 'date',
    values: fc
      .integer({ min: -719_162, max: 2_932_896 })
      .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10))
      .map((text) => spelled(text)),
    canonical: asText,
  },
  ...(['s', 'ms', 'us', 'ns'] as const).flatMap((unit) => [time(unit), timestamp(unit, false), timestamp(unit, true)]),
];

/** Every logical type there is; a failure report names them instead of spelling out their generators. */
export const FEATURE_VALUES: readonly FeatureValues[] = TYPES.map((values) => ({
  ...values,
  [fc.toStringMethod]: () => values.type,
}));
