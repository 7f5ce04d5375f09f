import { AtlasError } from '../../../errors.ts';
import { clickhouseError } from './clickhouse-error.ts';
import type { NoConnection } from './connecting-agent.ts';
import { parseException } from './parse-exception.ts';

/** What is known of a statement that failed. */
export interface Failing {
  /** For messages: `a statement to ch1:8443/olap`. */
  readonly doing: string;
  readonly early: NoConnection;
}

/** An answer with a status or a header that says no. */
export function refusedBy(status: number, text: string, doing: string): AtlasError {
  const exception = parseException(text);
  if (exception !== null) return clickhouseError(exception, doing);
  const by = `${doing}: HTTP status ${status}, from something before the server`;
  if (GATEWAYS.has(status)) return new AtlasError('ATLAS_CH_LOST', by);
  if (status === 401 || status === 403 || status === 407) return new AtlasError('ATLAS_CH_REFUSED', by);
  return new AtlasError('ATLAS_CH_PROTOCOL', `${doing}: HTTP status ${status}, and what answers is no ClickHouse`);
}

/** Whoever says so may have asked the server before. */
const GATEWAYS = new Set([408, 429, 500, 502, 503, 504]);

/** What the client or the system said, as an error of ours: never with a URL, a value or a secret. */
export function httpFault(error: unknown, { doing, early }: Failing): unknown {
  if (error instanceof AtlasError || !(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  const name = typeof code === 'string' ? code : null;
  if (early.has(error)) return isOfTls(name, error) ? refusedTls(doing, name) : unreachable(doing, name, error);
  if (name !== null && NEVER_SENT.has(name)) return unreachable(doing, name, error);
  if (name?.startsWith('HPE_'))
    return new AtlasError('ATLAS_CH_PROTOCOL', `${doing}: what answers is no HTTP (${name})`);
  const how = name ?? (error.message === 'Timeout error.' ? 'nothing came in time' : 'the other side closed it');
  return new AtlasError('ATLAS_CH_LOST', `${doing}: the connection broke off before the answer (${how})`);
}

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);

function isOfTls(code: string | null, error: Error): boolean {
  if (
    code === 'EPROTO' ||
    /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_|ERR_OSSL)/.test(code ?? '')
  )
    return true;
  return code === 'ECONNRESET' && /secure TLS connection/.test(error.message);
}

function refusedTls(doing: string, code: string | null): AtlasError {
  return new AtlasError('ATLAS_CH_REFUSED', `${doing}: TLS could not be set up (${code})`, {
    hint: 'Name the file of its certificates in tls.ca; check that the port speaks https (8443 is usual), and its host.',
  });
}

function unreachable(doing: string, code: string | null, { message }: Error): AtlasError {
  return new AtlasError('ATLAS_CH_UNREACHABLE', `${doing}: no connection (${code ?? message})`);
}
