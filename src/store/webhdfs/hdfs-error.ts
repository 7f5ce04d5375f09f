import { AtlasError, type ErrorCode } from '../../errors.ts';
import type { Call } from './call.ts';
import { reasonOf } from './exchange.ts';
import { remedyOf } from './remote-exception.ts';
import type { WebHdfsPlan } from './web-hdfs-plan.ts';

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
/** What TLS has against a server, by the beginning of Node's name of it. */
const TLS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO)/;

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
  const reason = reasonOf(cause);
  const hosts = plan.urls.map((url) => new URL(url).host).join(', ');
  const code = TLS.test(reason) ? 'ATLAS_HDFS_TLS' : 'ATLAS_HDFS_UNAVAILABLE';
  return new AtlasError(code, `${what}: no answer from ${hosts}${tried}: ${reason}`, { place, cause });
}

/** Whether asking again is of little use: a name that nobody knows, a certificate that nobody trusts. */
export function isLasting(cause: unknown): boolean {
  if (isException(cause) || cause instanceof AtlasError) return false;
  const reason = reasonOf(cause);
  return reason === 'ENOTFOUND' || TLS.test(reason);
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
