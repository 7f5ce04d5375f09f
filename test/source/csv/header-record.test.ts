import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { type Dialect, type HeaderRecord, readHeaderRecord } from '../../../src/source/csv/survey/header-record.ts';
import { readSource } from '../../conformance/source/read-source.ts';
import { pipeOf } from './data-ways.ts';
import { planOf } from './plan-of.ts';

const DIALECT: Dialect = {
  encoding: 'utf-8',
  delimiter: 44,
  quote: 34,
  escape: 34,
  bareEscapes: false,
  trim: false,
  trailingDelimiter: false,
  maxRowBytes: 40,
  maxColumns: 100,
};

const bytes = fc
  .array(fc.constantFrom(',', '"', '""', '\n', '\r\n', '\r', 'x', 'é', '\\', '\\"', ' ', 'name', '"a,\n"', '\xff'), {
    minLength: 1,
    maxLength: 25,
  })
  .map((tokens) => Buffer.from(tokens.join(''), 'latin1'));
const dialects = fc.constantFrom(
  DIALECT,
  { ...DIALECT, escape: 92 },
  { ...DIALECT, quote: null },
  { ...DIALECT, trim: true },
  { ...DIALECT, trailingDelimiter: true },
  { ...DIALECT, quote: null, escape: 92, bareEscapes: true },
);

function read(text: string, dialect: Partial<Dialect> = {}, newline: 'lf' | 'cr' | null = null): HeaderRecord {
  return readHeaderRecord(Buffer.from(text), newline, { ...DIALECT, ...dialect }, true);
}

describe('the header record', () => {
  test('is the same however little of the file is known', () => {
    fc.assert(
      fc.property(bytes, dialects, (all, dialect) => {
        const whole = readHeaderRecord(all, null, dialect, true);
        for (let known = 0; known < all.length; known += 1) {
          const part = readHeaderRecord(all.subarray(0, known), null, dialect, false);
          if (part.kind !== 'starved') expect(part).toEqual(whole);
        }
        expect(readHeaderRecord(Buffer.concat([all, new Uint8Array(100)]), null, dialect, true).kind).not.toBe(
          'starved',
        );
      }),
    );
  });

  test('is read as the parser reads a record', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, dialects, async (all, dialect) => {
        const start = all.findIndex((byte) => byte !== 10 && byte !== 13);
        // A header may lack the delimiter that a row must have.
        fc.pre(start >= 0 && all.length > 1 && !dialect.trailingDelimiter);
        const content = all.subarray(start);
        const header = readHeaderRecord(content, null, dialect, true);
        const width = header.kind === 'record' ? header.names.length : 1;
        const plan = planOf({
          path: '-',
          features: Array.from({ length: width }, (_, index) => `c${index}`),
          header: false,
          null_values: [],
          max_row_bytes: DIALECT.maxRowBytes,
          quote: dialect.quote === null ? null : '"',
          ...(dialect.escape === 92 ? { escape: '\\' } : {}),
          trim: dialect.trim,
        });
        fc.pre(!(content[0] === 0xff && content[1] === 0xfe));
        await using source = await openCsvSource(plan, { reserve: 0, loadedAt: 0n, stdin: pipeOf(content, 1000) });
        const { rows, rejects } = await readSource(source);
        if (header.kind === 'record') expect(rows[0]).toEqual(header.names);
        else expect(rejects[0]).toMatchObject({ offset: 0 });
      }),
      { numRuns: 100 },
    );
  });

  test('tells the line ending by its own end', () => {
    expect(read('a,b\r\nx')).toEqual({ kind: 'record', names: ['a', 'b'], content: 3, length: 5, newline: 'lf' });
    expect(read('a,b\nx')).toMatchObject({ length: 4, newline: 'lf' });
    expect(read('a,b\rx')).toMatchObject({ length: 4, newline: 'cr' });
    expect(read('"a\r",b\nx')).toMatchObject({ names: ['a\r', 'b'], newline: 'lf' });
    expect(read('a,b')).toMatchObject({ length: 3, newline: 'lf' });
    expect(read('a\rb\n', {}, 'lf')).toMatchObject({ kind: 'refused', code: 'ATLAS_CSV_HEADER_INVALID' });
    expect(read('a\nb\r', {}, 'cr')).toMatchObject({ kind: 'refused', code: 'ATLAS_CSV_HEADER_INVALID' });
  });

  test('may be as long as a row may be, and no longer', () => {
    expect(read(`${'x'.repeat(40)}\n`)).toMatchObject({ kind: 'record' });
    expect(read(`${'x'.repeat(41)}\n`)).toMatchObject({ kind: 'refused', code: 'ATLAS_CSV_ROW_TOO_LONG' });
    expect(read(`${'x,'.repeat(20)}\n`)).toMatchObject({ kind: 'record' });
    expect(read(`${'x,'.repeat(20)}y\n`)).toMatchObject({ kind: 'refused', code: 'ATLAS_CSV_ROW_TOO_LONG' });
  });

  test('has at most max_columns columns', () => {
    expect(read('a,b,c', { maxColumns: 3 })).toMatchObject({ names: ['a', 'b', 'c'] });
    expect(read('a,b,c,', { maxColumns: 3 })).toMatchObject({ code: 'ATLAS_CSV_TOO_MANY_COLUMNS' });
  });
});
