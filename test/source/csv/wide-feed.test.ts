import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { WideFeed } from '../../../src/source/csv/wide/wide-feed.ts';
import { compareRecord } from '../../../src/source/csv/wide/wide-record.ts';
import { readSource } from '../../conformance/source/read-source.ts';
import { pipeOf } from './data-ways.ts';
import { drain, MemoryFeed } from './memory-feed.ts';
import { planOf } from './plan-of.ts';

const OPTIONS = { reserve: 0, loadedAt: 1_700_000_000_000_000n, debug: true } as const;

interface Written {
  readonly text: string | null;
  readonly quoted: boolean;
}

const token = fc.constantFrom(
  '|',
  '||',
  ',',
  '"',
  '\\',
  '#',
  ' ',
  '\t',
  '\n',
  '\r\n',
  'x',
  'é',
  '名',
  '\u001f',
  '\u00a0',
  '0',
  'N',
);
const cell = fc.oneof(
  { arbitrary: fc.constant<Written>({ text: null, quoted: false }), weight: 1 },
  {
    arbitrary: fc.record({
      text: fc.array(token, { maxLength: 5 }).map((tokens) => tokens.join('')),
      quoted: fc.boolean(),
    }),
    weight: 4,
  },
);

/** A field as it must be written: quoted where it has to be, escaped as the dialect does. */
function write({ text, quoted }: Written, escaper: string): string {
  if (text === null) return '';
  const must = quoted || text === '' || /[|"\n\r]/.test(text) || /^#/.test(text);
  if (!must) return text;
  const escaped = escaper === '"' ? text : text.replaceAll('\\', '\\\\');
  return `"${escaped.replaceAll('"', `${escaper}"`)}"`;
}

describe('a delimiter of several bytes', () => {
  test('any table is read as it was written, whatever the dialect, the pieces and the comments', async () => {
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
    const dialect = fc.record({
      escape: fc.constantFrom('"', '\\'),
      end: fc.constantFrom('\n', '\r\n'),
      comments: fc.boolean(),
      last: fc.boolean(),
      chunk: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(rows, dialect, async (table, { escape: escaper, end, comments, last, chunk }) => {
        const lines = table.map((row) => row.map((each) => write(each, escaper)).join('||'));
        const between = comments ? `${end}# it's "a||comment${end}` : end;
        const text = `a||b||c${between}${lines.join(between)}${last ? between : ''}`;
        const plan = planOf({
          path: '-',
          delimiter: '||',
          escape: escaper,
          comment: '#',
          features: ['a', 'b', 'c'],
          slice_bytes: 50,
          max_row_bytes: 2000,
        });
        const stdin = pipeOf(Buffer.from(text), chunk);
        await using source = await openCsvSource(plan, { ...OPTIONS, stdin, readBytes: 40 });
        const { rows: read, rejects } = await readSource(source);
        expect(rejects).toEqual([]);
        expect(read).toEqual(table.map((row) => row.map(({ text: value }) => value)));
      }),
      { numRuns: 80 },
    );
  });

  test('a record of several lines that is too long is told with its own length', async () => {
    const record = `"${'x'.repeat(11)}\n${'y'.repeat(51)}"`;
    const plan = planOf({ path: '-', delimiter: '||', max_row_bytes: 64, features: ['a string', 'b string'] });
    await using source = await openCsvSource(plan, { ...OPTIONS, stdin: pipeOf(Buffer.from(`a||b\n${record}`), 7) });
    const { rejects } = await readSource(source);
    expect(rejects[0]).toMatchObject({ offset: 5, length: record.length, line: 1 });
  });

  test('any text is read exactly, or fails by name: what was read can be written again', async () => {
    const mess = fc
      .array(fc.oneof(token, fc.constantFrom('||', '\n', '"', '""')), { maxLength: 40 })
      .map((tokens) => tokens.join(''));
    const dialect = fc.record({ escape: fc.constantFrom('"', '\\'), trim: fc.boolean(), comment: fc.boolean() });
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(
        mess,
        dialect,
        fc.integer({ min: 1, max: 9 }),
        async (text, { escape: escaper, trim, comment }, chunk) => {
          const more = comment ? { comment: '#' } : {};
          const plan = planOf({ path: '-', delimiter: '||', escape: escaper, trim, ...more, features: ['a', 'b'] });
          const read = (piece: number) =>
            drain(new WideFeed(new MemoryFeed(Buffer.from(text)), plan, '||', 'in.csv', piece), piece).then(
              (bytes) => bytes.toString(),
              (error: Error) => error,
            );
          const once = await read(1 << 16);
          const again = await read(chunk);
          if (once instanceof Error) {
            expect(once).toMatchObject({ code: 'ATLAS_CSV_DAMAGED', message: expect.stringMatching(/line \d+: /) });
            expect((again as Error).message).toBe(once.message);
            return;
          }
          whole += 1;
          expect(again).toEqual(once);
        },
      ),
      { numRuns: 1000 },
    );
    expect(whole).toBeGreaterThan(50);
  });

  test('a record is what its text says, or it is not', () => {
    const dialect = { delimiter: '||', quote: '"', escape: '"', trim: false };
    const quoted = (text: string, fields: string[], more = {}) =>
      compareRecord(text, fields, { ...dialect, ...more })?.quoted ?? null;
    expect(quoted('a||"b""c"', ['a', 'b"c'])).toEqual([false, true]);
    expect(quoted('a||"b"c', ['a', 'bc'])).toBeNull();
    expect(quoted('a||""', ['a', ''])).toEqual([false, true]);
    expect(quoted('a||b||', ['a', 'b'])).toBeNull();
    expect(quoted('a', ['a', ''])).toBeNull();
    expect(quoted(' a ||"b"\t', ['a', 'b'], { trim: true })).toEqual([false, true]);
    expect(quoted('\u00a0a||b', ['a', 'b'], { trim: true })).toBeNull();
    expect(quoted('"\\"\\\\"', ['"\\'], { escape: '\\' })).toEqual([true]);
    expect(quoted('"\\n"', ['n'], { escape: '\\' })).toBeNull();
    expect(quoted('a\rb', ['a\rb'])).toBeNull();
    expect(quoted('"a"b"', ['"a"b"'], { quote: null, escape: null })).toEqual([false]);
  });
});

describe('the start of a file', () => {
  const rewritten = (text: string, more = {}) => {
    const plan = planOf({ path: '-', delimiter: '||', ...more, features: ['a'] });
    return Promise.all(
      [1, 3, 1 << 16].map(async (piece) =>
        (await drain(new WideFeed(new MemoryFeed(Buffer.from(text)), plan, '||', 'in.csv', piece), piece)).toString(),
      ),
    ).then((all) => (new Set(all).size === 1 ? all[0] : all));
  };

  test.each([
    ['', {}, ''],
    ['\ufeff', {}, '\ufeff'],
    ['\n\na||b', {}, '\n\na\u001fb'],
    ['\ufeffa||b\r\n', {}, '\ufeffa\u001fb\n'],
    ['x||"\r\ny\r\na||b\r\n', { skip_rows: 2 }, 'x||"\r\ny\r\na\u001fb\n'],
    ['x\ry\ra||"\r"\r', { skip_rows: 2 }, 'x\ry\ra\u001f"\r"\r'],
    ['x\r', { skip_rows: 2 }, 'x\r'],
    ['x', { skip_rows: 2 }, 'x'],
    ['\ufeffx\n', { skip_rows: 1 }, '\ufeffx\n'],
    ['#"\r#\ra||b', { comment: '#' }, '#\r#\ra\u001fb'],
    ['#', { comment: '#' }, '#'],
    ['a||b\n  ', { trim: true }, 'a\u001fb\n'],
    ['"#"||b', { comment: '#' }, '"#"\u001fb'],
  ] as const)('%j', async (text, more, expected) => {
    expect(await rewritten(text, more)).toBe(expected);
  });

  test('a skipped line may not be endless', async () => {
    await expect(rewritten(`${'x'.repeat(2000)}\na||b`, { skip_rows: 1, max_row_bytes: 1000 })).rejects.toMatchObject({
      code: 'ATLAS_CSV_ROW_TOO_LONG',
      place: { line: 1 },
    });
  });
});
