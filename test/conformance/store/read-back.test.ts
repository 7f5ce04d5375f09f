import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStores } from '../../../src/registry.ts';
import { duckdbRows } from '../../judges/judges.ts';
import { webhdfsPackageBytes } from '../../judges/webhdfs-package.ts';
import { datasetOf, Project } from '../../run/project.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs, hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';
import type { Hadoop } from '../../services/hadoop/start-hadoop.ts';

const through = { signal: new AbortController().signal };
const SHELL = 'org.apache.hadoop.fs.FsShell';
const BLOCK = 1 << 20;

/** What Hadoop's own client fetches, and the line it prints of the checksum: path, algorithm, bytes in hex. */
async function byJava(hadoop: Hadoop, path: string): Promise<{ readonly bytes: Buffer; readonly checksum: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-back-'));
  try {
    await hadoop.run(SHELL, ['-get', path, join(folder, 'file')]);
    const printed = await hadoop.run(SHELL, ['-checksum', path]);
    const checksum = printed.split('\n').find((line) => line.startsWith(`${path}\t`)) ?? '';
    return { bytes: readFileSync(join(folder, 'file')), checksum };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describeWithHadoop('what others read of what we wrote', (hadoop) => {
  const folder = `/back/${randomBytes(6).toString('hex')}`;

  it('a file of several blocks: the webhdfs package and the Java client have every byte, and our checksum', async () => {
    await using stores = openStores({ lake: hdfsConnection(hadoop(), { block_size: BLOCK }) });
    const store = await stores.of('hdfs://lake/');
    await store.makeFolders(`hdfs://lake${folder}`, through);
    const path = `${folder}/blocks é 1%.bin`;
    const content = randomBytes(2 * BLOCK + 12_345);
    await using file = await store.create(`hdfs://lake${path}`, 0o644, through);
    for (let at = 0; at < content.length; at += 500_000) await file.write(content.subarray(at, at + 500_000), through);
    await file.sync(through);
    const proof = await file.prove(through);
    const theirs = await byJava(hadoop(), path);
    expect(theirs.bytes.equals(content)).toBe(true);
    expect(theirs.checksum.split('\t')).toEqual([path, proof?.checksum?.algorithm, proof?.checksum?.value]);
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    expect((await webhdfsPackageBytes(hadoop().url, userInfo().username, encoded)).equals(content)).toBe(true);
    await store.remove(`hdfs://lake${folder}`, through);
  });

  it('a published Parquet file: they agree with its receipt, and DuckDB reads the rows', async () => {
    using project = new Project();
    const path = `${folder}/cities.parquet`;
    project.declare(
      [datasetOf('cities', { id: 'int', name: 'string' }, { destination: { path: `hdfs://lake${path}` } })],
      { lake: declaredHdfs(hadoop()) },
    );
    const rows = Array.from({ length: 20_000 }, (_, id) => [String(id), `city ${id % 97}`]);
    project.write('cities.csv', `id,name\n${rows.map((row) => `${row.join(',')}\n`).join('')}`);
    const receipt = await project.load();
    const [file] = receipt.files;
    const theirs = await byJava(hadoop(), path);
    expect(file?.proof?.compared).toBe('length and MD5-of-0MD5-of-512CRC32C');
    expect(theirs.checksum.split('\t')).toEqual([path, file?.proof?.checksum?.algorithm, file?.proof?.checksum?.value]);
    const bytes = await webhdfsPackageBytes(hadoop().url, userInfo().username, path);
    expect(bytes.equals(theirs.bytes)).toBe(true);
    expect(bytes.length).toBe(file?.bytes);
    writeFileSync(project.path('back.parquet'), bytes);
    expect(await duckdbRows(`SELECT id, name FROM '${project.path('back.parquet')}' ORDER BY id`)).toEqual(rows);
    await using stores = openStores(await project.connections());
    await (await stores.of('hdfs://lake/')).remove(`hdfs://lake${folder}`, through);
  });
});
