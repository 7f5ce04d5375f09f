import { AtlasError, type ErrorCode } from '../../../errors.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import type { Call } from './call.ts';
import { NoAnswer, reasonOf } from './exchange.ts';
import { remedyOf } from './remote-exception.ts';
import { tlsRefusal } from './tls-refusal.ts';

const CODE_OF: Readonly<Record<string, ErrorCode>> = {
  AccessControlException: 'ATLAS_HDFS_DENIED',
  AuthorizationException: 'ATLAS_HDFS_DENIED',
  SecurityException: 'ATLAS_HDFS_AUTH',
  AuthenticationException: 'ATLAS_HDFS_AUTH',
  InvalidToken: 'ATLAS_HDFS_AUTH',
  'HTTP 401': 'ATLAS_HDFS_AUTH',
  'HTTP 403': 'ATLAS_HDFS_DENIED',
  AlreadyBeingCreatedException: 'ATLAS_HDFS_UNAVAILABLE',
  DSQuotaExceededException: 'ATLAS_STORE_SPACE',
  NSQuotaExceededException: 'ATLAS_STORE_SPACE',
  QuotaExceededException: 'ATLAS_STORE_SPACE',
  QuotaByStorageTypeExceededException: 'ATLAS_STORE_SPACE',
  DiskOutOfSpaceException: 'ATLAS_STORE_SPACE',
};

/** What a call ended with, in our words: the class and message of the server, or why there was no answer; never a URL. */
export function hdfsError(call: Call, plan: WebHdfsPlan, cause: unknown, attempts: number): AtlasError {
  if (cause instanceof AtlasError) return cause;
  const what = `${call.op} ${call.path}`;
  const tried = attempts > 1 ? ` after ${attempts} attempts` : '';
  const place = { file: call.path };
  if (isException(cause)) {
    const said = cause.message === '' ? '' : `: ${cause.message}`;
    return new AtlasError(codeOf(cause), `${what} failed${tried}: ${cause.name}${said}`, { place, cause });
  }
  const hosts = plan.urls.map((url) => new URL(url).host);
  const host = cause instanceof NoAnswer ? cause.host : null;
  const refusal = tlsRefusal(cause, host ?? hosts.join(', '), plan.name, plan.ca !== null);
  if (refusal !== null) {
    return new AtlasError('ATLAS_HDFS_TLS', `${what}: ${refusal.reason}`, { place, cause, hint: refusal.hint });
  }
  const who = host !== null && !hosts.includes(host) ? host : hosts.join(', ');
  return new AtlasError('ATLAS_HDFS_UNAVAILABLE', `${what}: no answer from ${who}${tried}: ${reasonOf(cause)}`, {
    place,
    cause,
  });
}

/** Whether asking again is of little use: a name that nobody knows, a certificate that nobody trusts. */
export function isLasting(cause: unknown): boolean {
  if (isException(cause) || cause instanceof AtlasError) return false;
  return reasonOf(cause) === 'ENOTFOUND' || tlsRefusal(cause, '', '', false) !== null;
}

function codeOf(exception: { readonly name: string; readonly message: string }): ErrorCode {
  const known = Object.hasOwn(CODE_OF, exception.name) ? CODE_OF[exception.name] : undefined;
  if (known !== undefined) return known;
  if (remedyOf(exception) !== 'stop') return 'ATLAS_HDFS_UNAVAILABLE';
  // every refusal of HDFS has a class
  return exception.name.startsWith('HTTP ') ? 'ATLAS_HDFS_PROTOCOL' : 'ATLAS_STORE_WRITE';
}

function isException(cause: unknown): cause is { readonly name: string; readonly message: string } {
  return typeof cause === 'object' && cause !== null && !(cause instanceof Error) && 'name' in cause;
}
