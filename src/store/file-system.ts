import { statfs } from 'node:fs/promises';

/** Magic numbers (statfs(2)) of file systems that one machine has to itself: ext, xfs, btrfs, zfs, f2fs, tmpfs, overlay, bcachefs, APFS has none. */
const OWN = new Set([0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0xf2f52010, 0x01021994, 0x794c7630, 0xca451a4e]);

/** Whether a folder's file system is known to be mounted by this machine only; where nobody knows, it is not. */
export async function isOwnFileSystem(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    return OWN.has((await statfs(folder)).type);
  } catch {
    return false;
  }
}
