import { describe, expect, test } from 'vitest';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { readSource } from '../../conformance/source/read-source.ts';
import { pipeOf } from './data-ways.ts';
import { planOf } from './plan-of.ts';

const OPTIONS = { reserve: 0, loadedAt: 0n } as const;

async function read(text: string, source: Readonly<Record<string, unknown>>, chunk = 1000) {
  const plan = planOf({ path: '-', features: ['a', 'b'], ...source });
  await using opened = await openCsvSource(plan, { ...OPTIONS, stdin: pipeOf(Buffer.from(text), chunk) });
  const { rows, rejects, spans } = await readSource(opened);
  return { rows, codes: rejects.map(({ code }) => code), lines: rejects.map(({ line }) => line), spans };
}

/** Whether a source says at once that it has no record. */
async function isEmpty(text: string, source: Readonly<Record<string, unknown>>): Promise<boolean> {
  const plan = planOf({ path: '-', features: ['a'], ...source });
  await using opened = await openCsvSource(plan, { ...OPTIONS, stdin: pipeOf(Buffer.from(text), 1000) });
  const { empty } = await opened.survey({ signal: new AbortController().signal });
  return empty;
}

describe('what stands before the first record', () => {
  test.each([1, 7, 1000])('comments and blank lines around the header, in chunks of %s', async (chunk) => {
    const text = `\ufeff# it's "so\r\n\r\n#${'long '.repeat(3000)}\r\na,b\r\n# 1,2\r\n3,4\r\n`;
    const result = await read(text, { comment: '#', max_row_bytes: 64 }, chunk);
    expect(result).toEqual({
      rows: [['3', '4']],
      codes: [],
      lines: [],
      spans: { header: 8, skipped: 0, blank: 2, comment: 12 + 15_003 + 7, row: 5, reject: 0 },
    });
  });

  test('a comment tells the line ending, with and without a header', async () => {
    expect((await read('# "x\ra,b\r1,2\r', { comment: '#' })).rows).toEqual([['1', '2']]);
    expect((await read('# "x\r1,2\r3,4\r', { comment: '#', header: false })).rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('a header that a comment sign begins is none', async () => {
    expect((await read('#a,b\na,b\n1,2\n', { comment: '#' })).rows).toEqual([['1', '2']]);
  });

  test('names are trimmed, blank lines too, blanks inside quotes stay', async () => {
    const { rows, spans } = await read(' \t\n " a"\t, b \n1,2\n', {
      trim: true,
      features: [{ name: ' a', type: 'string' }, 'b'],
    });
    expect(rows).toEqual([['1', '2']]);
    expect(spans).toMatchObject({ blank: 3, header: 11 });
  });

  test.each(['a,b,\n1,2,\n', 'a,b\n1,2,\n'])('the header may have the trailing delimiter: %j', async (text) => {
    expect((await read(text, { trailing_delimiter: true })).rows).toEqual([['1', '2']]);
  });

  test('more than one surplus delimiter names a column', async () => {
    expect(await read('a,b,,\n1,2,3,\n', { trailing_delimiter: true })).toMatchObject({
      rows: [['1', '2']],
      codes: [],
    });
  });

  test('the ASCII separators: line ends stand in names, and name no row', async () => {
    const source = { delimiter: '\u001f', row_delimiter: '\u001e', features: ['a\n', 'b'], skip_rows: 1 };
    const { rows, spans } = await read('skip\nme\u001ea\n\u001fb\u001e1\u001f2\r\n\u001e', source);
    expect(rows).toEqual([['1', '2\r\n']]);
    expect(spans).toEqual({ header: 5, skipped: 8, blank: 0, comment: 0, row: 6, reject: 0 });
  });

  test('a declared row delimiter decides where the first row does not', async () => {
    expect((await read('a,b\r\n1,2\r', { row_delimiter: '\r' })).rows).toEqual([['1', '2']]);
    expect((await read('a,b\n1,2\r3,4\n', { row_delimiter: '\n' })).codes).toEqual(['ATLAS_CSV_STRAY_CR']);
  });

  test('escapes without quotes stand in names', async () => {
    const source = { delimiter: '\t', quote: null, escape: '\\', features: ['a\tb', 'c\nd\\'] };
    expect((await read('a\\tb\tc\\\nd\\\\\n1\t2\n', source)).rows).toEqual([['1', '2']]);
    await expect(read('a\\q\tb\n', source)).rejects.toMatchObject({ code: 'ATLAS_CSV_HEADER_INVALID' });
    await expect(read('a\tb\\', source)).rejects.toMatchObject({ code: 'ATLAS_CSV_HEADER_INVALID' });
  });

  test('a header of several lines, with a mark before its quotes, is known when it comes again', async () => {
    const text = '\ufeff"a\r\nx",b\r\n1,2\r\n"a\r\nx",b\r\n\ufeff"a\r\nx",b\r\n3,4\r\n';
    const features = ['a\r\nx', 'b'];
    expect(await read(text, { features })).toMatchObject({
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
      codes: ['ATLAS_CSV_HEADER_REPEATED', 'ATLAS_CSV_HEADER_REPEATED'],
      lines: [3, 5],
    });
    expect(await read(text, { features, repeated_header: 'skip' })).toMatchObject({
      codes: [],
      spans: { header: 13 + 10 + 13, skipped: 0, blank: 0, comment: 0, row: 10, reject: 0 },
    });
    const kept = await read(text, { features, repeated_header: 'keep' });
    expect(kept.rows.slice(0, 2)).toEqual([
      ['1', '2'],
      ['a\r\nx', 'b'],
    ]);
    expect(kept.codes).toEqual(['ATLAS_CSV_BOM_INSIDE']);
  });

  test('one column: its name once more is a reject, unless it is to be kept', async () => {
    const one = { features: ['a'] };
    expect(await read('a\nx\na\n', one)).toMatchObject({ rows: [['x']], codes: ['ATLAS_CSV_HEADER_REPEATED'] });
    expect(await read('a\nx\na\n', { ...one, repeated_header: 'keep' })).toMatchObject({ rows: [['x'], ['a']] });
  });

  test('comments and blank lines alone are no record', async () => {
    expect(await isEmpty('a\n#x\n#y', { comment: '#' })).toBe(true);
    expect(await isEmpty('a\n#x\n\n', { comment: '#' })).toBe(false);
    expect(await isEmpty('a,b\n#x\n\n', { comment: '#' })).toBe(true);
    expect(await isEmpty('a,b\n \t\n  ', { trim: true })).toBe(true);
    expect(await isEmpty('a,b\n \t\n  ', {})).toBe(false);
    expect(await isEmpty('a,\n\n', { trailing_delimiter: true })).toBe(true);
    expect(await isEmpty('#x\n', { comment: '#' })).toBe(true);
  });
});
