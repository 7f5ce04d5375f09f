import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll } from 'vitest';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { HdfsFolder } from '../../services/hadoop/hdfs-folder.ts';
import { DataFolder } from '../../source/csv/data-folder.ts';
import { planOf, type SourceInput } from '../../source/csv/plan-of.ts';
import { describeSource } from './describe-source.ts';

const OPTIONS = { reserve: 0, loadedAt: 1_700_000_000_000_000n, readBytes: 97, debug: true } as const;

const lines = Array.from({ length: 60 }, (_, index) => {
  if (index % 17 === 3) return `${index},"opened,never`;
  if (index % 13 === 5) return `${index},"text"after,1`;
  if (index % 11 === 7) return `${index},few`;
  if (index % 7 === 2) return `${index},"line one\r\nline ""two""\r\n",2.5`;
  if (index % 19 === 0) return '';
  return `${index},plain ${index},${index / 4}`;
});
const bytes = Buffer.from(`\ufeffid,text,number\r\n${lines.join('\r\n')}`);
const features = [
  { name: 'number', type: 'decimal(9,2)' },
  { name: 'id', type: 'int64' },
  { name: 'line', type: 'int32', value: '@line' },
  { name: 'text', type: 'string' },
];

describeWithHadoop('on HDFS', (hadoop) => {
  let stored: HdfsFolder;
  beforeAll(async () => {
    stored = await HdfsFolder.make(hadoop());
    await stored.write('data.csv', bytes);
    await stored.write('data.csv.gz', gzipSync(bytes));
  });
  afterAll(() => stored[Symbol.asyncDispose]());

  describeSource('csv on HDFS', () => {
    const folder = new DataFolder();
    const way = (name: string, path: () => string, slice_bytes: number) => ({
      name,
      open: () => {
        const source: SourceInput = { features, slice_bytes, max_row_bytes: 200, path: path() };
        return openCsvSource(planOf(source, folder.path), { ...OPTIONS, stores: stored.stores });
      },
    });
    return {
      ways: (taskBytes) => [
        way('on HDFS', () => `${stored.path}/data.csv`, taskBytes),
        way('on a local disk', () => folder.keep('data.csv', bytes), taskBytes),
        way('gzip on HDFS', () => `${stored.path}/data.csv.gz`, taskBytes),
      ],
      taskBytes: [1 << 20, 300, 90],
      bytes: bytes.length,
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  });
});
