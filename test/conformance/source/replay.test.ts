import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { openReplaySource } from '../../../src/source/csv/replay/replay-source.ts';
import { DataFolder } from '../../source/csv/data-folder.ts';
import { planOf } from '../../source/csv/plan-of.ts';
import { describeSource } from './describe-source.ts';

const { signal } = new AbortController();
const OPTIONS = { reserve: 0, loadedAt: 1_700_000_000_000_000n, debug: true } as const;

const features = [
  { name: 'number', type: 'decimal(9,2)' },
  { name: 'id', type: 'int64' },
  { name: 'line', type: 'int32', value: '@line' },
  { name: 'text', type: 'string' },
];

/** What stands in `raw`: mended rows, several at a time, none, and rows as bad as they were. */
function rawOf(index: number): string {
  if (index % 17 === 3) return `${index},"opened,never\n`;
  if (index % 13 === 5) return `${index},"text"after,1`;
  if (index % 11 === 7) return `${index},few\r\n${index},a,1\n\n${index},b,x\n${index},c,2\n`;
  if (index % 7 === 2) return `${index},"line one\nline ""two""\n",2.5\n`;
  if (index % 19 === 0) return '';
  return `${index},plain ${index},${index / 4}\n`;
}

const raws = Array.from({ length: 60 }, (_, index) => rawOf(index));
const files = ['one.csv', 'two.csv'];

describeSource('replay', () => {
  const folder = new DataFolder();
  folder.write('one.csv', 'id,text,number\n');
  folder.write('two.csv', 'id,text,number\n');
  const path = folder.write(
    'rejects.jsonl',
    raws
      .map((raw, index) => ({ file: files[index % 2], line: index + 2, offset: 100 * index, length: 9, raw }))
      .map((line, index) => `${JSON.stringify(index % 23 === 9 ? { ...line, truncated: true } : line)}\n`)
      .join(''),
  );
  return {
    ways: (slice_bytes) => [
      {
        name: 'rejects.jsonl',
        open: async () => {
          const plan = planOf({ path: `${folder.path}/*.csv`, features, slice_bytes, max_row_bytes: 200 }, folder.path);
          await using csv = await openCsvSource(plan, OPTIONS);
          const { state } = await csv.survey({ signal });
          return await openReplaySource(plan, { path, state }, OPTIONS);
        },
      },
    ],
    taskBytes: [1 << 20, 900, 11],
    bytes: raws.reduce((sum, raw) => sum + Buffer.byteLength(raw), 0),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
});
