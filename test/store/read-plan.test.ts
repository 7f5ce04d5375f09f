import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { readPlan } from '../../src/store/webhdfs/read-plan.ts';
import { hdfsConnection } from '../services/hadoop/hdfs-connection.ts';

const folder = mkdtempSync(join(tmpdir(), 'atlas-certificates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reading = (text: string | null) => {
  const ca = join(folder, text === null ? 'none.pem' : 'ca.pem');
  if (text !== null) writeFileSync(ca, text);
  return readPlan(hdfsConnection({ url: 'https://nn1' }, { tls: { ca } }));
};
const [first = '', second = ''] = rootCertificates;

describe('the certificates that a connection trusts', () => {
  it('are those of its file besides those of the system', async () => {
    const { ca } = await reading(`# two of them\n${first}\n${second}\n`);
    expect(ca).toContain(first);
    expect(ca).toContain(rootCertificates.at(-1));
  });

  it.each([
    ['the file is missing', null, 'cannot be read: ENOENT'],
    ['it holds a key', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n', 'holds no certificate'],
    ['one is damaged', `${first}\n${second.replace('MII', 'MIX')}`, 'certificate 2 of 2 in'],
    ['one is cut short', `${first}\n${second.slice(0, second.length / 2)}`, 'certificate 2 of 2 in'],
  ])('are refused where %s', async (_, text, why) => {
    await expect(reading(text)).rejects.toMatchObject({
      code: 'ATLAS_HDFS_TLS',
      message: expect.stringContaining(why),
      place: { file: expect.stringContaining(folder) },
    });
  });
});
