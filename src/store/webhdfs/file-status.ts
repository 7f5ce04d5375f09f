import type { Found } from '../store.ts';
import { type Call, type CallAnswer, jsonOf, protocolError } from './call/call.ts';

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

/** The status that GETFILESTATUS answers. Fails with ATLAS_HDFS_PROTOCOL. */
export function readStatus(call: Call, answer: CallAnswer): FileStatus {
  return checked(call, jsonOf(call, answer)['FileStatus']);
}

/** Those that LISTSTATUS answers. Fails with ATLAS_HDFS_PROTOCOL. */
export function readStatuses(call: Call, answer: CallAnswer): readonly FileStatus[] {
  const list = (jsonOf(call, answer)['FileStatuses'] as { readonly FileStatus?: unknown } | undefined)?.FileStatus;
  if (!Array.isArray(list)) throw protocolError(call, 'the answer holds no FileStatuses');
  return list.map((each) => checked(call, each));
}

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

function checked(call: Call, status: unknown): FileStatus {
  const { pathSuffix, type, permission, fileId, length, modificationTime, blockSize } = (status ??
    {}) as Partial<FileStatus>;
  const isWhole =
    typeof pathSuffix === 'string' &&
    typeof type === 'string' &&
    Object.hasOwn(KINDS, type) &&
    [fileId, length, modificationTime, blockSize].every(Number.isSafeInteger) &&
    typeof permission === 'string' &&
    /^[0-7]{1,4}$/.test(permission);
  if (isWhole) return status as FileStatus;
  throw protocolError(call, 'the answer holds no FileStatus of a file');
}
