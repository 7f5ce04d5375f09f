import type { Identity } from '../flow/sink.ts';

/**
 * Whether two looks saw the same thing. Inode and length must agree, and so must the time of the last change where both
 * know it: an inode is reused, a file is rewritten in place. The device may differ only where that time agrees: device
 * numbers of many file systems change with every mount, and a power cut is followed by one. A table is told by its id, and by its mark
 * where both know it.
 */
export function sameIdentity(one: Identity, other: Identity): boolean {
  if (one.kind === 'absent' || other.kind === 'absent') return one.kind === other.kind;
  if (one.kind === 'table' || other.kind === 'table') return sameTable(one, other);
  if (one.kind !== other.kind || one.inode !== other.inode) return false;
  if (one.kind === 'file' && other.kind === 'file' && one.length !== other.length) return false;
  if (one.modified !== undefined && other.modified !== undefined) return one.modified === other.modified;
  return one.device === other.device;
}

function sameTable(one: Identity, other: Identity): boolean {
  if (one.kind !== 'table' || other.kind !== 'table' || one.uuid !== other.uuid) return false;
  return one.mark === undefined || other.mark === undefined || one.mark === other.mark;
}
