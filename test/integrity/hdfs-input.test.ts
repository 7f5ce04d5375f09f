import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { compress } from '@cloudpss/zstd';
import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';
import { HdfsFolder } from '../services/hadoop/hdfs-folder.ts';

const FEATURES = { id: 'int32', name: 'string', price: 'decimal(9,2)' };

/** Rows of one line and of several, so that slices end within quotes. */
function table(rows: number, delimiter = ','): string {
  const lines = Array.from({ length: rows }, (_, id) => {
    const name = id % 3 === 0 ? `"two\nlines, ${'x'.repeat(id % 90)} ""${id}"""` : `plain ${id}`;
    return [id, name, (id / 4).toFixed(2)].join(delimiter);
  });
  return `${['id', 'name', 'price'].join(delimiter)}\n${lines.join('\n')}\n`;
}

const ROWS = 4000;
const VARIANTS: readonly (readonly [string, Uint8Array, object])[] = [
  ['plain', Buffer.from(table(ROWS)), { slice_bytes: 20_000 }],
  ['gzip', gzipSync(table(ROWS)), { slice_bytes: 20_000 }],
  ['zstd', compress(Buffer.from(table(ROWS))), { slice_bytes: 20_000 }],
  ['UTF-16', iconv.encode(table(ROWS), 'utf-16le', { addBOM: true }), { encoding: 'utf-16', slice_bytes: 20_000 }],
  ['a wide delimiter', Buffer.from(table(ROWS, '||')), { delimiter: '||', slice_bytes: 20_000 }],
  ['lines counted', Buffer.from(table(ROWS)), { slice_bytes: 20_000, features: lineFeatures() }],
];

function lineFeatures() {
  return [
    ...Object.entries(FEATURES).map(([name, type]) => ({ name, type })),
    { name: 'at', type: 'int64', value: '@line' },
  ];
}

describeWithHadoop('CSV on HDFS', (hadoop) => {
  it('plans by the name of an input, wherever the command was called', async () => {
    using project = new Project();
    const path = 'hdfs://lake/in/t.csv';
    project.declare([datasetOf('t', FEATURES, { source: { path } })], { lake: declaredHdfs(hadoop()) });
    const before = process.cwd();
    try {
      const hashes = new Set<string>();
      for (const folder of [project.root, '/', before]) {
        process.chdir(folder);
        for (const { hash } of await project.plans()) hashes.add(hash);
      }
      expect(hashes.size).toBe(1);
    } finally {
      process.chdir(before);
    }
  });

  it.each(VARIANTS)('gives the bytes that local files give, whatever the workers: %s', async (_, bytes, source) => {
    await using folder = await HdfsFolder.make(hadoop());
    using project = new Project();
    const path = await folder.write('in/t.csv', bytes);
    project.write('t.csv', bytes);
    const sums = new Set<string>();
    for (const input of ['t.csv', path]) {
      project.declare([datasetOf('t', FEATURES, { source: { ...source, path: input } })], {
        lake: declaredHdfs(hadoop()),
      });
      for (const workers of [1, 2]) {
        const receipt = await project.load({ workers });
        expect(receipt.error).toBeNull();
        expect(receipt.rows).toMatchObject({ read: ROWS, published: ROWS });
        expect(receipt.bytesIn).toBe(bytes.length);
        // The plan names its input, and the file its plan: nothing else may differ.
        const written = project.read('out/t.parquet').toString('latin1').replace(receipt.planHash, 'plan');
        sums.add(createHash('sha256').update(written, 'latin1').digest('hex'));
      }
    }
    expect(sums.size).toBe(1);
  });
});
