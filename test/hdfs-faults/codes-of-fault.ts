import type { ErrorCode } from '../../src/errors.ts';
import type { FaultKind } from '../services/fault-proxy/fault.ts';

const UNHEARD: readonly ErrorCode[] = ['ATLAS_HDFS_UNAVAILABLE', 'ATLAS_HDFS_UNCERTAIN'];
const UNREADABLE: readonly ErrorCode[] = ['ATLAS_HDFS_PROTOCOL', 'ATLAS_HDFS_UNCERTAIN'];
const PATIENCE: readonly ErrorCode[] = ['ATLAS_HDFS_UNAVAILABLE'];

/** What a run may fail with under a fault, before it has published; never that it is uncertain where nothing was done. */
export const CODES_OF_FAULT: Readonly<Record<FaultKind, readonly ErrorCode[]>> = {
  'drop-answer': UNHEARD,
  'reset-answer': UNHEARD,
  'error-500': UNHEARD,
  'error-503': UNHEARD,
  'slow-loris': UNHEARD,
  'reset-request': UNHEARD,
  late: UNHEARD,
  'refuse-500': UNHEARD,
  'refuse-503': UNHEARD,
  'early-503': UNHEARD,
  truncated: UNREADABLE,
  nonsense: UNREADABLE,
  // a lock that nobody holds and that cannot be taken all the same is a matter of patience
  'loop-redirect': ['ATLAS_HDFS_UNAVAILABLE', ...UNREADABLE],
  'foreign-redirect': ['ATLAS_HDFS_REDIRECT', 'ATLAS_HDFS_UNAVAILABLE', ...UNREADABLE],
  'not-found-page': ['ATLAS_HDFS_PROTOCOL'],
  false: ['ATLAS_STORE_WRITE', 'ATLAS_HDFS_UNAVAILABLE', ...UNREADABLE],
  'false-though-done': ['ATLAS_STORE_WRITE', ...UNREADABLE],
  standby: PATIENCE,
  retriable: PATIENCE,
  'safe-mode': PATIENCE,
  'wrapped-safe-mode': PATIENCE,
  denied: ['ATLAS_HDFS_DENIED'],
};
