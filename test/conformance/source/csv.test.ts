import { DataFolder } from '../../source/csv/data-folder.ts';
import { waysOf } from '../../source/csv/data-ways.ts';
import { describeSource } from './describe-source.ts';

/** Records of one line and of several, with damage that slices may fall into. */
function content(end: string): Buffer {
  const lines = Array.from({ length: 60 }, (_, index) => {
    if (index % 17 === 3) return `${index},"opened,never`;
    if (index % 13 === 5) return `${index},"text"after,1`;
    if (index % 11 === 7) return `${index},few`;
    if (index % 7 === 2) return `${index},"line one${end}line ""two""${end}",2.5`;
    if (index % 19 === 0) return '';
    return `${index},plain ${index},${index / 4}`;
  });
  return Buffer.from(`\ufeffid,text,number${end}${lines.join(end)}`);
}

const features = [
  { name: 'number', type: 'decimal(9,2)' },
  { name: 'id', type: 'int64' },
  { name: 'line', type: 'int32', value: '@line' },
  { name: 'text', type: 'string' },
];

for (const [name, end] of [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
] as const) {
  describeSource(`csv, ${name}`, () => {
    const folder = new DataFolder();
    const bytes = content(end);
    return {
      ways: (slice_bytes) => waysOf(bytes, folder, { features, slice_bytes, max_row_bytes: 200 }, { readBytes: 97 }),
      taskBytes: [1 << 20, 300, 11],
      bytes: bytes.length,
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  });
}
