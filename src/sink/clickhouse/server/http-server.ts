import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { AtlasError } from '../../../errors.ts';
import type { ClickhouseConnection } from '../../../flow/connections.ts';
import { clickhouseError } from './clickhouse-error.ts';
import type {
  Answer,
  ClickhouseServer,
  Insert,
  InsertStatement,
  Row,
  Statement,
  Waiting,
} from './clickhouse-server.ts';
import { type HttpClient, openHttpClient } from './http-client.ts';
import { httpFault, refusedBy } from './http-fault.ts';
import { HttpInsert } from './http-insert.ts';
import { insertSettings } from './insert-settings.ts';
import { parseException } from './parse-exception.ts';
import { ANSWER_FORMAT, ANSWER_SETTINGS, readAnswer, rowsOf } from './read-answer.ts';
import { serverAddress } from './server-address.ts';

/** EXCHANGE, Arrow, Date32, deduplication tokens and every setting that is used are in this version and all later ones. */
const LEAST_VERSION = '23.8';

/** The answer comes after the work, errors of its end included; and something comes meanwhile, so that nobody on the way loses patience. */
const PATIENT = { wait_end_of_query: 1, send_progress_in_http_headers: 1, http_headers_progress_interval_ms: '15000' };

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** How long a server that was told to stop a statement is waited for. */
const STOPPING_MS = 15_000;

/**
 * Connects to the first server of a connection that answers. Fails with ATLAS_CH_UNREACHABLE, ATLAS_CH_REFUSED, ATLAS_CH_BUSY,
 * ATLAS_CH_PROTOCOL, ATLAS_CH_TOO_OLD, ATLAS_CH_STATEMENT (there is no such database), or as the signal does.
 */
export async function openHttpServer(connection: ClickhouseConnection, waiting: Waiting): Promise<ClickhouseServer> {
  const address = serverAddress(connection, process.env);
  return await tryAgain(connection.attempts, waiting, async () => {
    let failed: unknown;
    for (const url of address.urls) {
      const http = await openHttpClient(connection, address, url);
      const server = new HttpServer(http, connection, `${url.host}/${address.database}`, address.database);
      try {
        await server.greet(waiting);
        return server;
      } catch (error) {
        await server[Symbol.asyncDispose]();
        if (!mayPass(error)) throw error;
        failed ??= error;
      }
    }
    throw failed;
  });
}

class HttpServer implements ClickhouseServer {
  readonly name: string;
  readonly embedded = false;
  readonly database: string;
  readonly #http: HttpClient;
  readonly #client: ClickHouseClient;
  readonly #connection: ClickhouseConnection;

  constructor(http: HttpClient, connection: ClickhouseConnection, name: string, database: string) {
    this.#http = http;
    this.#client = http.client;
    this.#connection = connection;
    this.name = name;
    this.database = database;
  }

  /** Whether it is there, lets us in, and is new enough: asked in words that the oldest understands. */
  async greet(waiting: Waiting): Promise<void> {
    const text = await this.#exchange({ sql: 'SELECT version()' }, 'TabSeparated', {}, waiting);
    const version = text.toString('latin1').trim();
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
    if (major === undefined) {
      throw new AtlasError('ATLAS_CH_PROTOCOL', `${this.name} is asked for its version, and answers something else`);
    }
    const [leastMajor, leastMinor] = LEAST_VERSION.split('.').map(Number) as [number, number];
    if (Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor)) return;
    throw new AtlasError('ATLAS_CH_TOO_OLD', `${this.name} is ClickHouse ${version}, ${LEAST_VERSION} is needed`);
  }

  async ask(statement: Statement, waiting: Waiting): Promise<Answer> {
    const settings = { ...statement.settings, ...ANSWER_SETTINGS, wait_end_of_query: 1 };
    const bytes = await tryAgain(this.#connection.attempts, waiting, () =>
      this.#exchange(statement, ANSWER_FORMAT, settings, waiting),
    );
    return readAnswer(bytes);
  }

  async query(statement: Statement, waiting: Waiting): Promise<readonly Row[]> {
    return rowsOf(await this.ask(statement, waiting));
  }

  async command(statement: Statement, waiting: Waiting): Promise<void> {
    await this.#exchange(statement, null, { ...statement.settings, ...PATIENT }, waiting);
  }

  async insert(statement: InsertStatement, waiting: Waiting): Promise<Insert> {
    await this.query({ sql: 'SELECT 1' }, waiting); // what cannot be repeated is not the first to find out that nobody is there
    const { signal } = waiting;
    const queryId = statement.queryId ?? randomUUID();
    const own = new AbortController();
    const limits = this.#connection.limits;
    let limit: NodeJS.Timeout | undefined;
    const send = async (body: PassThrough): Promise<void> => {
      body.once('end', () => {
        const late = new AtlasError(
          'ATLAS_CH_LOST',
          `an INSERT into ${this.name}: no answer in ${limits.statement} ms`,
        );
        limit = setTimeout(() => own.abort(late), limits.statement);
      });
      const sql = `${statement.sql} FORMAT ${statement.format}`;
      const settings = { ...insertSettings(statement), ...PATIENT };
      const sent = { ...statement, sql, queryId };
      try {
        assertSilent(await this.#send(sent, settings, own.signal, body), `an INSERT into ${this.name}`);
      } catch (error) {
        own.signal.throwIfAborted();
        throw error;
      } finally {
        clearTimeout(limit);
        signal.removeEventListener('abort', stop);
      }
    };
    const drop = async (reason: unknown): Promise<void> => {
      own.abort(reason ?? new Error('given up'));
      await this.#stop(queryId);
    };
    const insert = new HttpInsert({ send, drop });
    const stop = (): void => void insert.abort(signal.reason);
    setMaxListeners(0, signal); // every statement listens
    signal.addEventListener('abort', stop, { once: true });
    return insert;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#http[Symbol.asyncDispose]();
  }

  /** One statement and its whole answer, within the limit of the connection. */
  async #exchange(
    statement: Statement,
    format: string | null,
    settings: Settings,
    { signal }: Waiting,
  ): Promise<Buffer> {
    signal.throwIfAborted();
    setMaxListeners(0, signal); // every statement listens
    const queryId = statement.queryId ?? randomUUID();
    const own = new AbortController();
    const doing = `a statement to ${this.name}`;
    const limit = setTimeout(() => {
      const { statement: milliseconds } = this.#connection.limits;
      own.abort(new AtlasError('ATLAS_CH_LOST', `${doing}: no answer in ${milliseconds} ms`));
    }, this.#connection.limits.statement);
    const stop = (): void => own.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      // behind the statement it would be no SQL in some (CHECK GRANT)
      const answered = format === null ? settings : { ...settings, default_format: format };
      const bytes = await this.#send({ ...statement, queryId }, answered, own.signal);
      if (format === null) assertSilent(bytes, doing);
      return bytes;
    } catch (error) {
      if (!own.signal.aborted) throw error;
      await this.#stop(queryId);
      throw own.signal.reason;
    } finally {
      clearTimeout(limit);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Sends a statement once, and reads its answer whole. */
  async #send(statement: Statement, settings: Settings, abort: AbortSignal, body?: Readable): Promise<Buffer> {
    const doing = `${body === undefined ? 'a statement to' : 'an INSERT into'} ${this.name}`;
    try {
      const {
        stream,
        http_status_code: status = 0,
        response_headers,
      } = await this.#client.exec({
        query: statement.sql,
        ...(statement.params && { query_params: { ...statement.params } }),
        clickhouse_settings: settings,
        query_id: statement.queryId as string,
        abort_signal: abort,
        ignore_error_response: true, // the client would forget its status
        ...(body && { values: body }),
      });
      const parts: Buffer[] = [];
      for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
      const bytes = Buffer.concat(parts);
      const isFailed = status < 200 || status > 299 || response_headers['x-clickhouse-exception-code'] !== undefined;
      if (isFailed) throw refusedBy(status, bytes.toString('utf8'), doing);
      return bytes;
    } catch (error) {
      throw httpFault(error, { doing, early: this.#http.early });
    }
  }

  /** Has a statement stopped whose connection was given up, and waits until it is gone; where that is not allowed, hopes. */
  async #stop(queryId: string): Promise<void> {
    const stopping = AbortSignal.timeout(STOPPING_MS);
    const params = { q: queryId };
    const tell = async (sql: string): Promise<Buffer> =>
      await this.#send({ sql, params, queryId: randomUUID() }, {}, stopping);
    try {
      await tell('KILL QUERY WHERE query_id = {q:String} ASYNC').catch(() => {});
      for (;;) {
        const left = await tell('SELECT count() FROM system.processes WHERE query_id = {q:String} FORMAT TabSeparated');
        if (left.toString('latin1').trim() === '0') return;
        await sleep(50, undefined, { signal: stopping });
      }
    } catch {
      // it is not there any more, or does not let us look
    }
  }
}

type Settings = Readonly<Record<string, string | number>>;

/** What answers nothing where all is well: an error that came after the head of the answer stands in its body. */
function assertSilent(bytes: Buffer, doing: string): void {
  const exception = bytes.includes('Exception') ? parseException(bytes.toString('utf8')) : null;
  if (exception !== null) throw clickhouseError(exception, doing);
}

/** Whether asking once more may help, where asking is all that is done. */
function mayPass(error: unknown): boolean {
  return error instanceof AtlasError && error.retryable;
}

async function tryAgain<T>(attempts: number, { signal }: Waiting, action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= attempts || !mayPass(error)) throw error;
    }
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + Math.random());
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
