import type { ErrorCode } from '../../../errors.ts';

const UNREACHABLE: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'],
  ...['EADDRNOTAVAIL', 'ENOENT', 'EACCES', 'ENETDOWN'],
]);

/** Codes of OpenSSL and of Node's own checks of certificates. */
const TLS =
  /^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|EPROTO)/;

/** What an error of a socket or of the client library means, and its words. */
export function socketCode(error: unknown): { readonly code: ErrorCode; readonly said: string } {
  const {
    code = '',
    message = String(error),
    errors,
  } = (error ?? {}) as {
    readonly code?: string;
    readonly message?: string;
    readonly errors?: readonly unknown[];
  };
  // several addresses were tried
  if (errors !== undefined && errors.length > 0) {
    const tried = errors.map(socketCode);
    return { code: tried[0]?.code ?? 'ATLAS_DB_UNREACHABLE', said: tried.map(({ said }) => said).join('; ') };
  }
  if (UNREACHABLE.has(code)) return { code: 'ATLAS_DB_UNREACHABLE', said: message };
  if (code === 'ETIMEDOUT' || message === 'timeout expired') return { code: 'ATLAS_DB_TIMEOUT', said: message };
  if (TLS.test(code) || /\bSSL\b|sslnegotiation/.test(message)) return { code: 'ATLAS_DB_TLS', said: message };
  if (/^SASL|^SCRAM|[Pp]assword/.test(message)) return { code: 'ATLAS_DB_AUTH', said: message };
  if (message.startsWith('received invalid response') || message.startsWith('Unknown authentication')) {
    return { code: 'ATLAS_DB_PROTOCOL', said: message };
  }
  return { code: 'ATLAS_DB_LOST', said: message };
}
