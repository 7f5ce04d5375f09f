import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.ts';
import { CsvParser } from '../../src/source/csv/parser/parser.ts';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';
import { twinParse } from './csv-twin.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser({ fields: 300 });
});

describe('csv-spectrum', () => {
  const root = dirname(createRequire(import.meta.url).resolve('csv-spectrum/package.json'));
  const names = readdirSync(join(root, 'csvs'))
    .map((file) => file.replace('.csv', ''))
    .filter((name) => name !== 'location_coordinates');

  it.each(names)('%s', (name) => {
    const bytes = readFileSync(join(root, 'csvs', `${name}.csv`));
    const expected = JSON.parse(readFileSync(join(root, 'json', `${name}.json`), 'utf8')) as Record<string, string>[];
    const width = Object.keys(expected[0] ?? {}).length;
    const { rows, rejects } = driver.run(bytes, planOf({ width, nullValues: [] }));
    expect(rejects).toEqual([]);
    const [header, ...body] = rows.map((row) => row.map((text) => Buffer.from(String(text), 'latin1').toString()));
    expect(body.map((row) => Object.fromEntries(row.map((text, i) => [header?.[i], text])))).toEqual(expected);
  });
});

describe('csv-spectrum, where we differ', () => {
  it('location_coordinates: bare quotes inside unquoted fields are damage, and its two files do not hold the same row', () => {
    const bytes = readFileSync(
      join(
        dirname(createRequire(import.meta.url).resolve('csv-spectrum/package.json')),
        'csvs/location_coordinates.csv',
      ),
    );
    const { rows, rejects } = driver.run(bytes, planOf({ width: 4 }));
    expect(rows).toEqual([['Contact Phone Number', 'Location Coordinates', 'Cities', 'Counties']]);
    expect(rejects.map((reject) => reject.code)).toEqual(['ATLAS_CSV_QUOTE_STRAY']);
    expect(driver.run(bytes, planOf({ width: 4, quote: null, fields: [fieldOf(2, 'string')] })).rows.at(-1)).toEqual([
      'Modesto',
    ]);
  });
});

describe('constants', () => {
  it('of every kind', () => {
    const text = (value: string) => ({ constant: { kind: 'text', text: value } as const });
    const fields = [
      fieldOf(null, 'string', text('é"')),
      fieldOf(null, 'int', { constant: { kind: 'line' } }),
      fieldOf(1, 'string'),
      fieldOf(null, 'string', { constant: { kind: 'file' } }),
      fieldOf(null, 'double', text('1.00000000000000000000000001')),
      fieldOf(null, 'boolean', text('t')),
      fieldOf(null, 'decimal(9,2)', text('-1.5')),
      fieldOf(null, 'uuid', text('00112233-4455-6677-8899-aabbccddeeff')),
      fieldOf(null, 'date', text('2024-02-29')),
      fieldOf(null, 'timestamptz(ms)', { ...text('2024-07-01 12:00'), timezone: 'Europe/Berlin' }),
      fieldOf(null, 'timestamp(ms)', { constant: { kind: 'loaded_at' } }),
      fieldOf(null, 'timestamptz(ns)', { constant: { kind: 'loaded_at' } }),
      fieldOf(null, 'string', text('')),
      fieldOf(null, 'json', text('{"a":1}')),
    ];
    const result = driver.run(Buffer.from('a,b\nc\n"d\n",e\nf,g\n'), planOf({ width: 2, fields }));
    const same = [
      'in.csv',
      4607182418800017408n,
      true,
      -150n,
      '00112233445566778899aabbccddeeff',
      19_782n,
      1_719_828_000_000n,
      1_700_000_000_123n,
      1_700_000_000_123_456_000n,
      '',
      '{"a":1}',
    ];
    expect(result.rows).toEqual([
      ['\xc3\xa9"', 1n, 'b', ...same],
      ['\xc3\xa9"', 3n, 'e', ...same],
      ['\xc3\xa9"', 5n, 'g', ...same],
    ]);
  });

  it('repeat for every row of a full batch', () => {
    const fields = [
      fieldOf(null, 'string', { constant: { kind: 'file' } }),
      fieldOf(0, 'int'),
      fieldOf(null, 'boolean', { constant: { kind: 'text', text: 'f' } }),
    ];
    const input = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('');
    const { rows } = driver.run(
      Buffer.from(input),
      planOf({ width: 1, fields, file: 'a/rather/long/name/of/a/file.csv' }),
    );
    expect(rows).toEqual(
      Array.from({ length: 20_000 }, (_, i) => ['a/rather/long/name/of/a/file.csv', BigInt(i), false]),
    );
  });

  it('refuses a constant that is not of its type, without saying it', () => {
    const fields = [fieldOf(null, 'int', { constant: { kind: 'text', text: 'secret' } })];
    expect(() => driver.parser.configure(planOf({ fields }))).toThrow(
      /^the value of feature f.* is not written as int64$/,
    );
  });

  it('rejects the rows whose line is beyond the type', () => {
    const fields = [fieldOf(null, 'tinyint', { constant: { kind: 'line' } })];
    const result = driver.run(Buffer.from('a\n'.repeat(130)), planOf({ width: 1, fields }));
    expect(result.rows.length).toBe(127);
    expect(result.rejects.map((reject) => [reject.code, reject.line])).toEqual(
      [127, 128, 129].map((line) => ['ATLAS_CAST_RANGE', line]),
    );
  });
});

describe('plans', () => {
  it('share the text of one column between features, each with its own demands', () => {
    const fields = [
      fieldOf(0, 'binary'),
      fieldOf(0, 'string'),
      fieldOf(0, 'json', { nullable: false }),
      fieldOf(1, 'string'),
    ];
    const input = Buffer.from('1,a\n\xff,b\n,c\nx,d\n"""é""",e\n', 'latin1');
    const plan = planOf({ width: 2, fields });
    const spans = twinParse(input, plan);
    const result = driver.run(input, plan);
    expect(result.rows).toEqual([['1', '1', '1', 'a']]);
    expect(result.rejects.map((reject) => reject.field)).toEqual([1, 2, 2, 1]);
    expect(result.rejects).toEqual(spans.filter((span) => span.kind === 'reject'));
  });

  it('follow one another in the same memory', async () => {
    const limits = { maxRowBytes: 1 << 16, maxColumns: 500, fields: 200 };
    const kernel = await Kernel.open(CsvParser.kernelBytes(limits));
    const parser = CsvParser.open(kernel, limits);
    expect(parser.windowBytes).toBeGreaterThanOrEqual(2 * limits.maxRowBytes);
    const types = ['string', 'int', 'decimal(38,2)', 'uuid', 'boolean', 'json', 'tinyint'];
    for (let i = 0; i < 50; i++) {
      const width = 1 + ((i * 37) % 500);
      const fields = Array.from({ length: 1 + ((i * 13) % 200) }, (_, f) =>
        fieldOf((f * 7) % width, types[(f + i) % types.length] ?? 'int'),
      );
      parser.configure(planOf({ width, fields }));
      kernel.bytes.set(Buffer.from(`${Array.from({ length: width }, () => '').join(',')}\n`), parser.window);
      const outcome = parser.parse(0, width, { final: true, limit: width, lineBase: 1 });
      expect(outcome).toMatchObject({ rows: 1, consumed: width });
      expect(outcome.columns.length).toBe(fields.length);
    }
  });

  it('of a million columns', async () => {
    const width = 1_000_000;
    const limits = { maxRowBytes: 1 << 22, maxColumns: width, fields: 3 };
    const kernel = await Kernel.open(CsvParser.kernelBytes(limits));
    const wide = new (driver.constructor as new (k: Kernel, p: CsvParser) => Driver)(
      kernel,
      CsvParser.open(kernel, limits),
    );
    const plan = planOf({
      width,
      fields: [fieldOf(0, 'int'), fieldOf(500_000, 'int'), fieldOf(999_999, 'string')],
      maxRowBytes: 1 << 22,
    });
    const line = Array.from({ length: width }, (_, i) => (i === width - 1 ? 'end' : `${i % 10}`)).join(',');
    const result = wide.run(Buffer.from(`${line}\n${line},\n${line}\n`), plan);
    expect(result.rows).toEqual([
      [0n, 0n, 'end'],
      [0n, 0n, 'end'],
    ]);
    expect(result.reasons).toEqual(['1000001 fields, 1000000 expected']);
  });

  it('are refused where they are beyond the limits, or cannot be told apart', () => {
    const configure = (more: Parameters<typeof planOf>[0]) => () => driver.parser.configure(planOf(more));
    expect(configure({ width: 257 })).toThrow(/columns is 257, the parser was opened for 256/);
    expect(configure({ maxRowBytes: 4097 })).toThrow(/max_row_bytes is 4097/);
    expect(configure({ fields: Array.from({ length: 301 }, () => fieldOf(0, 'int')) })).toThrow(/features is 301/);
    expect(configure({ quote: 44, escape: 44 })).toThrow(/both/);
    expect(configure({ quote: 48, escape: 48 })).toThrow(/cannot quote/);
    expect(configure({ delimiter: 10 })).toThrow(/line end/);
    expect(configure({ escape: 47 })).toThrow(/escape is "\/"/);
    expect(configure({ delimiter: 92, escape: 92 })).toThrow(/both/);
    expect(configure({ fields: [fieldOf(0, 'date', { format: '%Q' })] })).toThrow(/%Q is not known/);
    expect(configure({ fields: [fieldOf(0, 'int', { format: '%d' })] })).toThrow(/its type is int/);
    expect(
      configure({ fields: [fieldOf(null, 'string', { constant: { kind: 'text', text: 'x'.repeat(2 << 20) } })] }),
    ).toThrow(/kernel memory/);
  });
});
