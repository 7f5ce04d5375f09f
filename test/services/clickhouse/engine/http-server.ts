import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Engine, EngineAnswer } from './engine.ts';
import { EngineException } from './engine-exception.ts';
import { FedPipe } from './fed-pipe.ts';
import { type HttpRequest, httpRequest } from './http-request.ts';
import type { ServerOptions } from './server-options.ts';
import { QUERY_ID_SETTING, serverStatement } from './server-statement.ts';

type Rules = Pick<ServerOptions, 'user' | 'password' | 'database' | 'temporary'> & { readonly version: string };

/** Answers requests as the HTTP interface of a ClickHouse server does. */
export class HttpServer {
  readonly #engine: Engine;
  readonly #rules: Rules;
  readonly #announced: string | null;
  /** query_ids that are under way. */
  readonly #running = new Set<string>();

  /** `rules.version` = the engine's; `announced` = another one that clients are told, or `null`. */
  constructor(engine: Engine, rules: Rules, announced: string | null) {
    this.#engine = engine;
    this.#rules = rules;
    this.#announced = announced;
  }

  async serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    asked.on('error', () => {});
    answer.on('error', () => {});
    const { pathname } = new URL(asked.url ?? '/', 'http://server');
    if (pathname === '/ping' || pathname === '/replicas_status') return void answer.end('Ok.\n');
    if (pathname !== '/') return void answer.writeHead(404).end(`There is no handle ${pathname}\n`);
    const version = this.#announced ?? this.#rules.version;
    let id = new URL(asked.url ?? '/', 'http://server').searchParams.get('query_id') || randomUUID();
    try {
      const request = await httpRequest(asked);
      id = request.queryId || id;
      this.#checkUser(request);
      const { bytes, format, ...facts } = await this.#run(request, id);
      const packed = request.compressed ? gzipSync(bytes, { level: 1 }) : bytes;
      answer.writeHead(200, {
        ...this.#headers(id),
        'content-type': TYPES[format] ?? 'text/plain; charset=UTF-8',
        'x-clickhouse-format': format,
        'x-clickhouse-summary': summary(facts),
        'content-length': packed.length,
        ...(request.compressed ? { 'content-encoding': 'gzip' } : {}),
      });
      answer.end(packed);
    } catch (error) {
      const exception = error instanceof EngineException ? error : EngineException.of(error);
      const said = exception.answer(version);
      // What is left of its body is read and dropped, so that the client gets to hear it.
      asked.resume();
      answer.writeHead(exception.status, {
        ...this.#headers(id),
        'content-type': 'text/plain; charset=UTF-8',
        'x-clickhouse-exception-code': String(exception.code),
        'content-length': Buffer.byteLength(said),
        ...(exception.status === 401 ? { 'www-authenticate': 'Basic realm="ClickHouse server HTTP API"' } : {}),
        ...(asked.complete ? {} : { connection: 'close' }),
      });
      answer.end(said);
    }
  }

  #headers(id: string): Readonly<Record<string, string>> {
    return {
      'x-clickhouse-query-id': id,
      'x-clickhouse-server-display-name': 'tests',
      'x-clickhouse-timezone': 'UTC',
    };
  }

  #checkUser({ user, password }: HttpRequest): void {
    if (user === this.#rules.user && (password ?? '') === this.#rules.password) return;
    const none = (password ?? '') === '';
    const message = `${user}: Authentication failed: password is incorrect, or there is no user with such name`;
    throw new EngineException(none ? 194 : 516, none ? 'REQUIRED_PASSWORD' : 'AUTHENTICATION_FAILED', message);
  }

  async #run(request: HttpRequest, id: string): Promise<EngineAnswer & { readonly format: string }> {
    if (this.#running.has(id)) {
      throw new EngineException(
        216,
        'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
        `Query with id = ${id} is already running`,
      );
    }
    this.#running.add(id);
    try {
      return await this.#told(request, id);
    } finally {
      this.#running.delete(id);
    }
  }

  async #told(request: HttpRequest, id: string): Promise<EngineAnswer & { readonly format: string }> {
    const context = {
      database: request.database ?? this.#rules.database,
      format: request.defaultFormat,
      settings: [...request.settings, [QUERY_ID_SETTING, id] as const],
    };
    const path = join(this.#rules.temporary, randomUUID());
    const body = request.body === null ? null : path;
    const statement = serverStatement(request.sql, { version: this.#announced, body });
    const format = statement.format ?? request.defaultFormat;
    if (request.body === null || !statement.takesBody) {
      return { ...(await this.#engine.run(statement.text, statement.isInsert, context)), format };
    }
    using pipe = await FedPipe.make(path);
    const read = this.#engine.run(statement.text, true, context);
    await Promise.all([pipe.feed(request.body, read), read]);
    return { ...(await read), format };
  }
}

const TYPES: Readonly<Record<string, string>> = {
  TabSeparated: 'text/tab-separated-values; charset=UTF-8',
  JSON: 'application/json; charset=UTF-8',
  JSONEachRow: 'application/x-ndjson; charset=UTF-8',
  CSV: 'text/csv; charset=UTF-8; header=absent',
  ArrowStream: 'application/vnd.apache.arrow.stream',
  Parquet: 'application/octet-stream',
};

function summary({
  rowsRead,
  bytesRead,
  rowsWritten = 0,
  bytesWritten = 0,
  elapsed,
}: Omit<EngineAnswer, 'bytes'>): string {
  return JSON.stringify({
    read_rows: String(rowsRead),
    read_bytes: String(bytesRead),
    written_rows: String(rowsWritten),
    written_bytes: String(bytesWritten),
    total_rows_to_read: '0',
    result_rows: String(rowsWritten),
    result_bytes: String(bytesWritten),
    elapsed_ns: String(Math.round(elapsed * 1e9)),
  });
}
