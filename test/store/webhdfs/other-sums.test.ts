import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStores } from '../../../src/registry.ts';
import { NameNodes } from '../../../src/store/webhdfs/call/name-nodes.ts';
import { askChecksum } from '../../../src/store/webhdfs/checksum/ask-checksum.ts';
import { UsualKind } from '../../../src/store/webhdfs/checksum/usual-kind.ts';
import { WrittenChecksum } from '../../../src/store/webhdfs/checksum/written-checksum.ts';
import { declaredCredentials } from '../../../src/store/webhdfs/credentials/declared-credentials.ts';
import { WebHdfsFile } from '../../../src/store/webhdfs/web-hdfs-file.ts';
import { WebHdfsStore } from '../../../src/store/webhdfs/web-hdfs-store.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';
import { startHadoop } from '../../services/hadoop/start-hadoop.ts';
import { startHttpFs } from '../../services/httpfs/start-http-fs.ts';

const through = { signal: new AbortController().signal };
const SHELL = 'org.apache.hadoop.fs.FsShell';
const BLOCK = 1 << 20;
const SIZES = [0, 1, 511, 512, 513, 1024, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 700];

describeWithHadoop('sums that clusters are configured for', (hadoop) => {
  const root = `/sums/${randomBytes(6).toString('hex')}`;
  const nodesOf = () => {
    const plan = { ...hdfsConnection(hadoop(), { block_size: BLOCK }), ca: null };
    return new NameNodes(plan, declaredCredentials(plan));
  };

  it.each([
    ['CRC32', 512],
    ['CRC32', 1024],
    ['CRC32C', 2048],
  ] as const)(
    '%s of chunks of %i bytes, which the Java client wrote, and what it calls them combined',
    async (type, chunkBytes) => {
      const nodes = nodesOf();
      const store = new WebHdfsStore(nodes);
      const folder = `${root}-${type}-${chunkBytes}`;
      await store.makeFolders(`hdfs://lake${folder}`, through);
      const local = mkdtempSync(join(tmpdir(), 'atlas-sums-'));
      try {
        const contents = SIZES.map((size) => randomBytes(size));
        for (const [index, content] of contents.entries()) writeFileSync(join(local, `${SIZES[index]}`), content);
        const written = [`-Ddfs.checksum.type=${type}`, `-Ddfs.bytes-per-checksum=${chunkBytes}`];
        const names = SIZES.map((size) => join(local, String(size)));
        await hadoop().run(SHELL, [...written, `-Ddfs.blocksize=${BLOCK}`, '-put', ...names, folder]);
        const paths = SIZES.map((size) => `${folder}/${size}`);
        const combined = await hadoop().run(SHELL, [
          '-Ddfs.checksum.combine.mode=COMPOSITE_CRC',
          '-checksum',
          ...paths,
        ]);
        for (const [index, content] of contents.entries()) {
          const path = paths[index] as string;
          const ours = new WrittenChecksum({ type, chunkBytes }, null);
          ours.update(content);
          ours.setBlockBytes(BLOCK);
          const theirs = await askChecksum(nodes, `hdfs://lake${path}`, through);
          expect('none' in theirs ? theirs : ours.expected(theirs.algorithm), path).toContain(
            'none' in theirs ? null : theirs.value,
          );
          const [, algorithm = '', value] =
            combined
              .split('\n')
              .find((line) => line.startsWith(`${path}\t`))
              ?.split('\t') ?? [];
          if (content.length > 0) expect(algorithm).toBe(`COMPOSITE-${type}`);
          expect(ours.expected(algorithm), path).toContain(value);
        }
      } finally {
        rmSync(local, { recursive: true });
        await store.remove(`hdfs://lake${folder}`, through);
      }
    },
  );

  it('another sum than was expected: the file is read again, the next one is not', async () => {
    const nodes = nodesOf();
    const usual = new UsualKind(nodes);
    usual.learn({ type: 'CRC32', chunkBytes: 1024 });
    const site = { nodes, usual, kernel: null };
    const folder = `hdfs://lake${root}-other`;
    const store = new WebHdfsStore(nodes);
    await store.makeFolders(folder, through);
    for (const compared of [
      'length and MD5-of-1024MD5-of-1024CRC32, read again because HDFS answers MD5-of-2048MD5-of-512CRC32C',
      'length and MD5-of-2048MD5-of-512CRC32C',
    ]) {
      await using file = await WebHdfsFile.create(site, `${folder}/${compared.length}`, 0o644, through);
      await file.write(randomBytes(BLOCK + 5), through);
      await file.sync(through);
      expect((await file.prove(through)).compared).toBe(compared);
    }
    await store.remove(folder, through);
  });

  it('a cluster that sums otherwise: expected from what its NameNode says', async () => {
    // DataNodes answer WebHDFS with MD5s whatever they are told to combine; a gateway obeys.
    await using own = await startHadoop({
      hdfs: {
        'dfs.checksum.type': 'CRC32',
        'dfs.bytes-per-checksum': '1024',
        'dfs.checksum.combine.mode': 'COMPOSITE_CRC',
      },
    });
    await using stores = openStores({ lake: hdfsConnection(own, { block_size: BLOCK }) });
    const store = await stores.of('hdfs://lake/');
    for (const size of SIZES) {
      await using file = await store.create(`hdfs://lake/${size}`, 0o644, through);
      await file.write(randomBytes(size), through);
      await file.sync(through);
      const [blocks, chunk] = [size > BLOCK ? BLOCK / 1024 : 0, size > 0 ? 1024 : 0];
      expect((await file.prove(through))?.compared).toBe(`length and MD5-of-${blocks}MD5-of-${chunk}CRC32`);
    }
  }, 300_000);

  it('a gateway that sums otherwise than its NameNode says, and combines: learned from the first file', async () => {
    await using httpFs = await startHttpFs(hadoop(), {
      'dfs.checksum.type': 'CRC32',
      'dfs.checksum.combine.mode': 'COMPOSITE_CRC',
    });
    await using stores = openStores({ lake: hdfsConnection(httpFs, { api: 'httpfs', block_size: BLOCK }) });
    const folder = `hdfs://lake${root}-gateway`;
    const store = await stores.of(folder);
    await store.makeFolders(folder, through);
    const ours = 'MD5-of-0MD5-of-512CRC32C';
    for (const [size, compared] of [
      [700, `length and ${ours}, read again because HDFS answers COMPOSITE-CRC32`],
      [1, 'length and COMPOSITE-CRC32'],
      [513, 'length and COMPOSITE-CRC32'],
      [3 * BLOCK + 700, 'length and COMPOSITE-CRC32'],
      [0, 'length and MD5-of-0MD5-of-0CRC32'],
    ] as const) {
      await using file = await store.create(`${folder}/${size}`, 0o644, through);
      await file.write(randomBytes(Math.floor(size / 2)), through);
      await file.suspend(through);
      await file.write(randomBytes(size - Math.floor(size / 2)), through);
      await file.sync(through);
      expect((await file.prove(through))?.compared).toBe(compared);
    }
    await store.remove(folder, through);
  }, 300_000);
});
