import iconv from 'iconv-lite';
import { DataFolder } from '../../source/csv/data-folder.ts';
import { waysOf } from '../../source/csv/data-ways.ts';
import { describeSource } from './describe-source.ts';

/** Records of one line and of several, with damage, and bytes that are in no character. */
function content(
  encoding: string,
  letters: string,
  broken: Buffer,
): { readonly bytes: Buffer; readonly length: number } {
  const lines = Array.from({ length: 60 }, (_, index) => {
    if (index % 17 === 3) return `${index},"${letters},never\n`;
    if (index % 13 === 5) return `${index},"${letters}"after,1\n`;
    if (index % 11 === 7) return `${index},few\n`;
    if (index % 7 === 2) return `${index},"${letters}\nline ""two""\n",2.5\n`;
    if (index % 19 === 0) return '\n';
    return `${index},plain ${letters} ${index},${index / 4}\n`;
  });
  const text = `id,text,${letters}\n${lines.join('')}`;
  const damaged = [iconv.encode('70,', encoding), broken, iconv.encode(',7\n', encoding)];
  const bytes = Buffer.concat([iconv.encode(text, encoding), ...damaged]);
  return { bytes, length: Buffer.byteLength(text) + '70,?,7\n'.length };
}

for (const [encoding, letters, broken] of [
  ['latin1', 'Ærøskøbing', null],
  ['windows-1252', '„Straße“ €', [0x81]],
  ['shift_jis', '表示ソ', [0x82]],
  ['gb18030', '张𠀀', [0x81]],
  ['utf-16le', 'ab😀', [0x3d, 0xd8]],
  ['utf-16be', 'ab😀', [0xde, 0x00]],
] as const) {
  describeSource(`csv in ${encoding}`, () => {
    const folder = new DataFolder();
    const { bytes, length } = content(encoding, letters, Buffer.from(broken ?? [0x78]));
    const features = [
      { name: 'number', type: 'decimal(9,2)', from: letters },
      { name: 'id', type: 'int64' },
      { name: 'line', type: 'int32', value: '@line' },
      { name: 'text', type: 'string' },
    ];
    const source = { features, encoding, max_row_bytes: 200 };
    return {
      ways: (slice_bytes) => waysOf(bytes, folder, { ...source, slice_bytes }, { readBytes: 97 }),
      taskBytes: [1 << 20, 300, 11],
      whole: true,
      bytes: length,
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  });
}
