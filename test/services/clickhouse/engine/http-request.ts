import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { EngineException } from './engine-exception.ts';
import { statementTokens } from './statement-tokens.ts';

/** What a client asked, as far as its statement is not looked into. */
export interface HttpRequest {
  readonly sql: string;
  /** Bytes that came beside the statement; `null` where there are none. */
  readonly body: AsyncIterable<Buffer> | null;
  readonly user: string;
  readonly password: string | null;
  readonly database: string | null;
  readonly defaultFormat: string;
  readonly queryId: string | null;
  readonly compressed: boolean;
  /** Settings, and parameters as `param_…`. */
  readonly settings: readonly (readonly [string, string])[];
}

/** Parameters of the interface itself: all others are settings. */
const OWN: ReadonlySet<string> = new Set([
  ...['query', 'query_id', 'database', 'default_format', 'user', 'password', 'quota_key', 'role', 'stacktrace'],
  'wait_end_of_query', // every answer here comes at the end
  ...['session_id', 'session_timeout', 'session_check', 'close_session', 'buffer_size', 'compress', 'decompress'],
  'client_protocol_version',
]);

/** Reads a request up to its statement; its body is read only where it is the statement. */
export async function httpRequest(asked: IncomingMessage): Promise<HttpRequest> {
  const url = new URL(asked.url ?? '/', 'http://server');
  const fields = [...url.searchParams];
  const inUrl = url.searchParams.get('query');
  let body: AsyncIterable<Buffer> | null = hasBody(asked) ? bodyOf(asked) : null;
  let sql = inUrl ?? '';
  const type = asked.headers['content-type'] ?? '';
  if (body !== null && type.startsWith('multipart/form-data')) {
    const parts = await new Response(await gather(body), { headers: { 'content-type': type } }).formData();
    for (const [name, value] of parts) if (typeof value === 'string') fields.push([name, value]);
    sql = String(parts.get('query') ?? sql);
    body = null;
  } else if (body !== null && statementTokens(sql)[0]?.text.toUpperCase() !== 'INSERT') {
    sql = [sql, (await gather(body)).toString('utf8')].filter((text) => text !== '').join('\n');
    body = null;
  }
  const field = (name: string): string | null => fields.find(([its]) => its === name)?.[1] ?? null;
  return {
    sql,
    body,
    ...credentials(asked, field),
    database: field('database') ?? header(asked, 'x-clickhouse-database'),
    defaultFormat: field('default_format') ?? header(asked, 'x-clickhouse-format') ?? 'TabSeparated',
    queryId: field('query_id'),
    compressed: field('enable_http_compression') === '1' && /\bgzip\b/.test(header(asked, 'accept-encoding') ?? ''),
    settings: fields.filter(([name]) => !OWN.has(name)),
  };
}

function credentials(
  asked: IncomingMessage,
  field: (name: string) => string | null,
): Pick<HttpRequest, 'user' | 'password'> {
  const basic = /^Basic (.*)$/i.exec(asked.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [user = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return { user, password: password.join(':') };
  }
  const user = header(asked, 'x-clickhouse-user') ?? field('user') ?? 'default';
  return { user, password: header(asked, 'x-clickhouse-key') ?? field('password') };
}

function header(asked: IncomingMessage, name: string): string | null {
  const value = asked.headers[name];
  return typeof value === 'string' ? value : null;
}

function hasBody({ headers, method }: IncomingMessage): boolean {
  if (method !== 'POST') return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The bytes, unpacked. What breaks off on the way makes the iteration fail; ending the iteration keeps the connection. */
function bodyOf(asked: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = asked.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return asked.iterator({ destroyOnReturn: false });
  const unpacked = unpacker(encoding);
  pipeline(asked, unpacked, () => {});
  return unpacked.iterator({ destroyOnReturn: false });
}

function unpacker(encoding: string): Readable & NodeJS.WritableStream {
  switch (encoding) {
    case 'gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new EngineException(1, 'UNSUPPORTED_METHOD', `Unknown compression method ${encoding}`);
  }
}

async function gather(from: AsyncIterable<Buffer>): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  for await (const part of from) parts.push(part);
  return Buffer.concat(parts);
}
