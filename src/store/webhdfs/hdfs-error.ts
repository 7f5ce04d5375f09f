import { AtlasError, type ErrorCode } from '../../errors.ts';
import type { Call } from './call.ts';
import { reasonOf } from './exchange.ts';
import type { WebHdfsPlan } from './web-hdfs-plan.ts';

const CODE_OF: Readonly<Record<string, ErrorCode>> = {
  AccessControlException: 'ATLAS_HDFS_DENIED',
  SecurityException: 'ATLAS_HDFS_AUTH',
  AuthenticationException: 'ATLAS_HDFS_AUTH',
  InvalidToken: 'ATLAS_HDFS_AUTH',
  'HTTP 401': 'ATLAS_HDFS_AUTH',
  'HTTP 403': 'ATLAS_HDFS_DENIED',
  StandbyException: 'ATLAS_HDFS_UNAVAILABLE',
  SafeModeException: 'ATLAS_HDFS_UNAVAILABLE',
  RetriableException: 'ATLAS_HDFS_UNAVAILABLE',
  DSQuotaExceededException: 'ATLAS_STORE_SPACE',
  NSQuotaExceededException: 'ATLAS_STORE_SPACE',
  QuotaExceededException: 'ATLAS_STORE_SPACE',
};

/** What a call ended with, in our words: the class and message of the server, or why there was no answer; never a URL. */
export function hdfsError(call: Call, plan: WebHdfsPlan, cause: unknown, attempts: number): AtlasError {
  const what = `${call.op} ${call.path}`;
  const tried = attempts > 1 ? ` after ${attempts} attempts` : '';
  const place = { file: call.path };
  if (isException(cause)) {
    const code = CODE_OF[cause.name] ?? 'ATLAS_STORE_WRITE';
    const message = `${what} failed${tried}: ${cause.name}${cause.message === '' ? '' : `: ${cause.message}`}`;
    return new AtlasError(code, message, { place, cause });
  }
  const hosts = plan.urls.map((url) => new URL(url).host).join(', ');
  const message = `${what}: no answer from ${hosts}${tried}: ${reasonOf(cause)}`;
  return new AtlasError('ATLAS_HDFS_UNAVAILABLE', message, { place, cause });
}

function isException(cause: unknown): cause is { readonly name: string; readonly message: string } {
  return typeof cause === 'object' && cause !== null && !(cause instanceof Error) && 'name' in cause;
}
