import { statfs } from 'node:fs/promises';

/** Magic numbers (statfs(2), Linux) of file systems whose locks SQLite cannot trust. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'nfs'],
  [0x517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x5346414f, 'afs'],
  [0x6b414653, 'kafs'],
  [0x73757245, 'coda'],
  [0x00c36400, 'ceph'],
  [0x0bd00bd0, 'lustre'],
  [0x47504653, 'gpfs'],
  [0x01021997, '9p'],
  [0x7461636f, 'ocfs2'],
  [0x01161970, 'gfs2'],
  [0x19830326, 'fhgfs'],
  [0xaad7aaea, 'panfs'],
]);

/** The name of the network file system a folder lies on, or null where it is none that is known. */
export async function networkFileSystem(folder: string): Promise<string | null> {
  const { type } = await statfs(folder);
  return NETWORK.get(type >>> 0) ?? null;
}
