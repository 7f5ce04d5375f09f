import type { Identity } from '../flow/sink.ts';

/** An identity in words, for messages (`file, 1234 bytes, inode 42 on device 66305, changed 2024-01-01T00:00:00.000Z`). */
export function describeIdentity(identity: Identity): string {
  if (identity.kind === 'absent') return 'nothing there';
  if (identity.kind === 'table') {
    return `table ${identity.uuid}${identity.mark === undefined ? '' : `, mark ${identity.mark}`}`;
  }
  const size = identity.kind === 'file' ? `, ${identity.length} bytes` : '';
  const changed = identity.modified === undefined ? '' : `, changed ${moment(identity.modified)}`;
  return `${identity.kind}${size}, inode ${identity.inode} on device ${identity.device}${changed}`;
}

function moment(nanoseconds: string): string {
  const at = new Date(Number(BigInt(nanoseconds) / 1_000_000n));
  return Number.isNaN(at.getTime()) ? `${nanoseconds} ns` : at.toISOString();
}
