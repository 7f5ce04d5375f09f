import iconv from 'iconv-lite';
import { DataFolder } from '../../source/csv/data-folder.ts';
import { waysOf } from '../../source/csv/data-ways.ts';
import { describeSource } from './describe-source.ts';

/** Records of one line and of several, comments, empty lines, and rows of another width. */
function linesOf(delimiter: string): readonly string[] {
  return Array.from({ length: 60 }, (_, index) => {
    if (index % 17 === 3) return '# a "comment';
    if (index % 11 === 7) return [index, 'few'].join(delimiter);
    if (index % 7 === 2) return [index, `"line one\nline ""two"", ${delimiter}\n"`, 2.5].join(delimiter);
    if (index % 19 === 0) return '';
    return [index, `pläin ${index}`, index / 4].join(delimiter);
  });
}

const HEADER = ['id', 'text', 'number'];

for (const [delimiter, encoding] of [
  ['||', 'utf-8'],
  ['¶', 'utf-8'],
  ['::', 'windows-1252'],
  ['<>', 'utf-16le'],
] as const) {
  describeSource(`csv with ${delimiter} between fields, in ${encoding}`, () => {
    const folder = new DataFolder();
    const lines = linesOf(delimiter);
    const bytes = iconv.encode(`${HEADER.join(delimiter)}\n${lines.map((line) => `${line}\n`).join('')}`, encoding);
    const features = [
      { name: 'number', type: 'decimal(9,2)' },
      { name: 'id', type: 'int64' },
      { name: 'line', type: 'int32', value: '@line' },
      { name: 'text', type: 'string' },
    ];
    const source = { features, encoding, delimiter, comment: '#', max_row_bytes: 200 };
    return {
      ways: (slice_bytes) => waysOf(bytes, folder, { ...source, slice_bytes }, { readBytes: 97 }),
      taskBytes: [1 << 20, 300, 11],
      whole: true,
      bytes: rewrittenBytes(lines, delimiter),
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  });
}

/** What the kernel sees: one byte between fields, and nothing in a comment. */
function rewrittenBytes(lines: readonly string[], delimiter: string): number {
  const outside = (line: string) => line.replaceAll(/"[^"]*(""[^"]*)*"/g, '').split(delimiter).length - 1;
  const saved = Buffer.byteLength(delimiter) - 1;
  const length = (line: string) => (line.startsWith('#') ? 1 : Buffer.byteLength(line) - saved * outside(line));
  return [HEADER.join(delimiter), ...lines].reduce((sum, line) => sum + length(line) + 1, 0);
}
