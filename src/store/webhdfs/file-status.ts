import type { Found } from '../store.ts';

/** `FileStatus` of the WebHDFS REST API, as far as it is used. */
export interface FileStatus {
  readonly pathSuffix: string;
  readonly type: 'FILE' | 'DIRECTORY' | 'SYMLINK';
  readonly fileId: number;
  readonly length: number;
  /** Milliseconds since 1970, by the NameNode's clock. */
  readonly modificationTime: number;
  /** Octal. */
  readonly permission: string;
  /** Bytes. */
  readonly blockSize: number;
  /** Whether it lies in an encryption zone. */
  readonly encBit?: boolean;
  /** Whether it is erasure coded. */
  readonly ecBit?: boolean;
}

const KINDS = { FILE: 'file', DIRECTORY: 'folder', SYMLINK: 'link' } as const;

/** A status in the store's words: the file id, which survives a rename, is the inode; the connection's name is the device. */
export function foundOfStatus(status: FileStatus, device: string): Exclude<Found, { kind: 'absent' }> {
  return {
    kind: KINDS[status.type],
    device,
    inode: String(status.fileId),
    length: status.length,
    modified: `${status.modificationTime}000000`,
    mode: Number.parseInt(status.permission, 8),
  };
}
