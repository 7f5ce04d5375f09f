import { expect, it } from 'vitest';
import { askChecksum } from '../../../src/store/webhdfs/checksum/ask-checksum.ts';
import { nodesOf, sayJson, startFake } from './fake-name-node.ts';

const through = { signal: new AbortController().signal };
const PATH = 'hdfs://lake/x';

it.each([
  { answer: [42, null, { FileStatus: null }] },
  {},
  { FileChecksum: 7 },
  { FileChecksum: { algorithm: 'MD5-of-0MD5-of-512CRC32C' } },
  { FileChecksum: { algorithm: 'MD5-of-0MD5-of-512CRC32C', bytes: '00', length: 28 } },
])('an answer that is no checksum is a broken protocol, not a defect: %j', async (body) => {
  await using server = await startFake((_, answer) => sayJson(answer, 200, body));
  const asking = askChecksum(nodesOf([server.url]), PATH, through);
  await expect(asking).rejects.toMatchObject({ code: 'ATLAS_HDFS_PROTOCOL', message: expect.stringContaining(PATH) });
});

it('HDFS may have no checksum of a file', async () => {
  await using server = await startFake((_, answer) => sayJson(answer, 200, { FileChecksum: null }));
  expect(await askChecksum(nodesOf([server.url]), PATH, through)).toEqual({ none: 'HDFS has no checksum of it' });
});
