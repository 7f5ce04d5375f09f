import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { lineByte } from '../../src/source/lines/line-end.ts';
import { listFixtures } from '../source/csv/fixture.ts';
import { type DriveResult, type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';
import { twinParse } from './csv-twin.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

/** What the kernel made of an input against what the twin makes of it. */
function compare(input: Uint8Array, plan: ParserPlan, result: DriveResult): void {
  const spans = twinParse(input, plan);
  const of = (kind: string) => spans.filter((span) => span.kind === kind);
  const bytes = (kind: string) => of(kind).reduce((sum, span) => sum + span.length, 0);
  expect(result.rejects).toEqual(of('reject'));
  expect(result.rows).toEqual(spans.flatMap((span) => (span.kind === 'row' ? [span.values] : [])));
  const { rowBytes, rejectBytes, blankBytes, commentBytes, headerBytes } = result;
  const counted = [rowBytes, rejectBytes, blankBytes, commentBytes, headerBytes];
  expect(counted).toEqual(['row', 'reject', 'blank', 'comment', 'header'].map(bytes));
  const end = lineByte(plan.newline);
  expect(result.lines).toBe(input.filter((byte) => byte === end).length);
}

/** Bytes rich in everything that means something, in pieces long enough to cross blocks. */
function soup(special: readonly string[]): fc.Arbitrary<Uint8Array> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...special) },
    {
      weight: 4,
      arbitrary: fc.constantFrom('a', 'bc', '', ' ', '1', '-2', 'x'.repeat(15), 'y'.repeat(31), 'z'.repeat(70)),
    },
    { weight: 1, arbitrary: fc.constantFrom('\0', '\xff', 'é', '\\', '\xc3\xa9', '\xe2\x82') },
  );
  return fc.array(piece, { maxLength: 120 }).map((parts) => Buffer.from(parts.join(''), 'latin1'));
}

const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 });

describe('the kernel and its twin', () => {
  it.each([
    { name: 'lf, three columns', plan: planOf(), special: [',', ',', '"', '"', '\n', '\r\n', '\r', '""', '",', '"\n'] },
    {
      name: 'cr, three columns',
      plan: planOf({ newline: 'cr' }),
      special: [',', ',', '"', '"', '\r', '\r\n', '\n', '",'],
    },
    { name: 'one column', plan: planOf({ width: 1 }), special: ['"', '\n', '\n', '\r\n', '\r', ',', '""'] },
    { name: 'no quoting', plan: planOf({ quote: null }), special: [',', ',', '"', '\n', '\r\n', '\r'] },
    {
      name: 'backslash',
      plan: planOf({ escape: 92 }),
      special: [',', ',', '"', '\\', '\\"', '\n', '\r\n', '",', '\\\\'],
    },
    {
      name: 'single quote, semicolon',
      plan: planOf({ delimiter: 59, quote: 39, escape: 39 }),
      special: [';', ';', "'", '\n', "''"],
    },
    { name: 'short rows', plan: planOf({ maxRowBytes: 64 }), special: [',', ',', '"', '\n', '\r\n', '",'] },
    {
      name: 'short rows, cr',
      plan: planOf({ maxRowBytes: 64, newline: 'cr' }),
      special: [',', ',', '"', '\r', '\r\n', '",'],
    },
    {
      name: 'quoted nulls and long null spellings',
      plan: planOf({
        nullValues: ['', 'a', 'x'.repeat(15), '"', 'z'.repeat(70)],
        quotedNulls: true,
        fields: [fieldOf(0, 'string', { nullable: false }), fieldOf(2, 'string'), fieldOf(2, 'binary')],
      }),
      special: [',', ',', '"', '\n', '"",', '""""', '"a"'],
    },
  ])('agree on bytes in any order: $name', ({ plan, special }) => {
    fc.assert(
      fc.property(soup(special), cuts, fc.integer({ min: 0, max: 70 }), (input, chunks, shift) => {
        compare(input, plan, driver.run(input, plan));
        compare(input, plan, driver.run(input, plan, chunks, shift));
      }),
      { numRuns: 400 },
    );
  });

  it('agree on rows of every type, mostly right, in any cut', () => {
    const types = [
      'int',
      'uint64',
      'tinyint',
      'double',
      'real',
      'decimal(9,2)',
      'decimal(38,10)',
      'boolean',
      'uuid',
      'json',
      'date',
      'time(ms)',
      'timestamp(us)',
      'timestamptz(ms)',
      'binary',
      'string',
    ];
    const cell: Readonly<Record<string, readonly string[]>> = {
      int: ['0', '-1', '9223372036854775807', '9223372036854775808', '+7', '12345678901', '1.5', 'x'],
      uint64: ['0', '18446744073709551615', '18446744073709551616', '-1'],
      tinyint: ['127', '-128', '128', '007'],
      double: ['1.5', '-0', '1e400', 'nan', '0.1', '123456789.123456789', 'inf', '.5', '5.', '.'],
      real: ['1.5', '16777217', '3.4028236e38', '1e-45', '0.1'],
      'decimal(9,2)': ['1.5', '-1234567.89', '12345678.9', '1.234', '1.230', '1e2'],
      'decimal(38,10)': ['1', '-9999999999999999999999999999.9999999999', '1e28', '0.00000000001'],
      boolean: ['true', 'f', 'T', '1'],
      uuid: ['00112233-4455-6677-8899-aabbccddeeff', '00112233445566778899AABBCCDDEEFF', '0'],
      json: ['{}', '[1,2]', '{', '"é"', '1'],
      date: ['2024-02-29', '2023-02-29', '0001-01-01', '2024-01-01 00:00', 'x'],
      'time(ms)': ['12:34', '23:59:59.999', '24:00', '01:02:03.0001'],
      'timestamp(us)': ['2024-01-01', '2024-01-01T12:34:56.123456', '2024-01-01 00:00:00Z', '2024-13-01 00:00:00'],
      'timestamptz(ms)': ['2024-01-01 00:00:00', '2024-01-01T00:00:00.5+05:30', '2024-01-01 00:00:00-08'],
      binary: ['\xff\xfe', 'abc', ''],
      string: ['é'.normalize('NFD'), '\xff', 'plain', '', 'long '.repeat(9)],
    };
    const width = types.length;
    const fields = types.map((type, i) =>
      fieldOf(i, type, { nullable: i % 3 !== 0, onLoss: i % 5 === 1 && i > 2 ? 'null' : 'reject' }),
    );
    const plan = planOf({ width, fields });
    const value = (type: string) =>
      fc.oneof(
        { weight: 12, arbitrary: fc.constant(cell[type]?.[0] ?? '') },
        { weight: 2, arbitrary: fc.constantFrom(...(cell[type] ?? [])) },
        { weight: 1, arbitrary: fc.constant('') },
      );
    const quoted = (text: string, quote: boolean) =>
      quote || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    const row = fc
      .tuple(...types.map((type) => fc.tuple(value(type), fc.boolean())))
      .map((cells) => cells.map(([text, quote]) => quoted(text, quote && text !== '')).join(','));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), cuts, (rows, end, chunks) => {
        const input = Buffer.from(rows.map((text) => text + end).join(''), 'latin1');
        compare(input, plan, driver.run(input, plan));
        compare(input, plan, driver.run(input, plan, [...chunks, 500]));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the kernel and its twin on every fixture', () => {
  it.each(listFixtures().filter(({ bytes }) => bytes !== null && bytes.length < 100_000))(
    '$name',
    ({ bytes, expected }) => {
      const source = expected.source as Readonly<Record<string, string | null | undefined>>;
      const { delimiter, quote } = source;
      const dialect = {
        delimiter: (delimiter ?? ',').charCodeAt(0),
        quote: quote === null ? null : (quote ?? '"').charCodeAt(0),
        escape: (source['escape'] ?? quote ?? '"').charCodeAt(0),
      };
      const input = new Uint8Array(bytes as Buffer);
      for (const newline of ['lf', 'cr'] as const) {
        for (const width of [1, 2, 3, 4]) {
          const plan = planOf({ ...dialect, newline, width });
          compare(input, plan, driver.run(input, plan));
        }
      }
    },
  );
});
