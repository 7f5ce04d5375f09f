import type { BigIntStats } from 'node:fs';
import type { Found } from './store.ts';

/** What a `stat` says, in the store's words. */
export function foundOf(stats: BigIntStats): Exclude<Found, { kind: 'absent' }> {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';
  return {
    kind,
    device: String(stats.dev),
    inode: String(stats.ino),
    length: Number(stats.size),
    modified: String(stats.mtimeNs),
    mode: Number(stats.mode & 0o7777n),
  };
}
