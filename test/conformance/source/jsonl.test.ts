import { DataFolder } from '../../source/csv/data-folder.ts';
import { waysOf } from '../../source/jsonl/data-ways.ts';
import { describeSource } from './describe-source.ts';

/** Objects of several shapes, with damage that slices may fall into. */
function content(end: string): Buffer {
  const lines = Array.from({ length: 60 }, (_, index) => {
    if (index % 17 === 3) return `{"id":${index},"text":"never closed`;
    if (index % 13 === 5) return `{"id":${index},"id":1}`;
    if (index % 11 === 7) return `{"id":"x${index}","number":1}`;
    if (index % 7 === 2)
      return ` {"text":"line one\\nline \\"two\\" \\u00e9","number":2.5,"deep":{"a":{"b":[${index}]}}} `;
    if (index % 19 === 0) return '';
    if (index % 23 === 1) return `{"id":${index},"text":"${'long '.repeat(60)}"}`;
    return `{"number":${index / 4},"id":${index},"text":"plain ${index}","deep":{"a":{"b":"é"},"c":1}}`;
  });
  return Buffer.from(`\ufeff${lines.join(end)}`);
}

const features = [
  { name: 'number', type: 'decimal(9,2)' },
  { name: 'id', type: 'int64' },
  { name: 'line', type: 'int32', value: '@line' },
  { name: 'text', type: 'string' },
  { name: 'a', type: 'json', from: 'deep.a' },
];

for (const [name, end] of [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
] as const) {
  describeSource(`jsonl, ${name}`, () => {
    const folder = new DataFolder();
    const bytes = content(end);
    return {
      ways: (slice_bytes) => waysOf(bytes, folder, { features, slice_bytes, max_row_bytes: 250 }, { readBytes: 97 }),
      taskBytes: [1 << 20, 300, 11],
      bytes: bytes.length,
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  });
}
