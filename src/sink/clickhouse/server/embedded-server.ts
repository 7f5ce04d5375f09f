import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
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
import { Deferred } from './deferred.ts';
import { EngineProcess } from './engine-process.ts';
import { FifoInsert } from './fifo-insert.ts';
import { insertSettings } from './insert-settings.ts';
import { parseException } from './parse-exception.ts';
import { prepareSession } from './prepare-session.ts';
import { quoteText } from './quote-text.ts';
import { ANSWER_SETTINGS, readAnswer, rowsOf } from './read-answer.ts';

/** Where the connection names no database: `default` of the engine cannot exchange tables. */
const DATABASE = 'atlas';
/** How long a statement that was told to stop may take to do so, before the engine is ended. */
const STOPPING_MS = 60_000;

/**
 * Opens the engine over the connection's folder, in a process of its own, and makes its database there. Fails with ATLAS_CH_ENGINE_LOCKED,
 * ATLAS_CH_ENGINE_MISSING, ATLAS_CH_ENGINE_DIED, ATLAS_CH_ATOMIC, or as the signal does.
 */
export async function openEmbeddedServer(
  { folder, database, limits }: ClickhouseConnection & { readonly folder: string },
  { signal }: Waiting,
): Promise<ClickhouseServer> {
  const name = database ?? DATABASE;
  const engine = await EngineProcess.open(folder, name, signal);
  const server = new EmbeddedServer(engine, folder, name, limits);
  try {
    const sql = `SELECT engine FROM system.databases WHERE name = ${quoteText(name)}`;
    const [found] = await server.query({ sql }, { signal });
    const kind = found?.['engine'];
    if (kind === 'Atomic') return server;
    throw new AtlasError('ATLAS_CH_ATOMIC', `the database ${name} of ${folder} is ${kind}, Atomic is needed`, {
      hint: 'Name another database in the connection: it is made where it is not there.',
    });
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

class EmbeddedServer implements ClickhouseServer {
  readonly name: string;
  readonly embedded = true;
  readonly database: string;
  readonly #engine: EngineProcess;
  readonly #limits: ClickhouseConnection['limits'];

  constructor(engine: EngineProcess, folder: string, database: string, limits: ClickhouseConnection['limits']) {
    this.#engine = engine;
    this.#limits = limits;
    this.database = database;
    this.name = `chdb:${folder}/${database}`;
  }

  async ask(statement: Statement, waiting: Waiting): Promise<Answer> {
    const settings = { ...statement.settings, ...ANSWER_SETTINGS };
    return readAnswer(await this.#run({ ...statement, settings }, waiting));
  }

  async query(statement: Statement, waiting: Waiting): Promise<readonly Row[]> {
    return rowsOf(await this.ask(statement, waiting));
  }

  async command(statement: Statement, waiting: Waiting): Promise<void> {
    await this.#run(statement, waiting);
  }

  async insert(statement: InsertStatement, { signal }: Waiting): Promise<Insert> {
    signal.throwIfAborted();
    setMaxListeners(0, signal); // every statement listens
    const doing = `an INSERT into ${this.name}`;
    const comment = commentOf(statement);
    const started = new Deferred<string>();
    const ended = new Deferred<void>();
    const session = prepareSession({ ...statement, settings: insertSettings(statement) }, comment);
    const { sql, format } = statement;
    const id = this.#engine.begin(
      { type: 'insert', sql, format, session, comment },
      {
        feed: started.resolve,
        done: () => ended.resolve(),
        failed: (reason) => ended.reject(this.#errorOf(reason, doing)),
        gone: ended.reject,
      },
    );
    const path = await Promise.race([started.promise, ended.promise.then(() => '')]);
    const settled = ended.promise;
    let limit: NodeJS.Timeout | undefined;
    const stop = async (): Promise<void> => {
      this.#engine.stop(id);
      await this.#within(STOPPING_MS, settled);
    };
    const end = (): void => {
      this.#engine.end(id);
      limit = setTimeout(() => this.#engine.stop(id), this.#limits.statement);
    };
    const insert = new FifoInsert(path, { settled, end, stop, idle: this.#limits.idle, doing });
    const abort = (): void => void insert.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const clear = (): void => {
      clearTimeout(limit);
      signal.removeEventListener('abort', abort);
    };
    settled.then(clear, clear);
    return insert;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine[Symbol.asyncDispose]();
  }

  async #run(statement: Statement, { signal }: Waiting): Promise<Uint8Array> {
    signal.throwIfAborted();
    setMaxListeners(0, signal); // every statement listens
    const doing = `a statement to ${this.name}`;
    const comment = commentOf(statement);
    const answered = new Deferred<Uint8Array>();
    const id = this.#engine.begin(
      { type: 'run', sql: statement.sql, session: prepareSession(statement, comment), comment },
      {
        done: answered.resolve,
        failed: (reason) => answered.reject(this.#errorOf(reason, doing)),
        gone: answered.reject,
      },
    );
    let late = false;
    const stop = (): void => this.#engine.stop(id);
    const limit = setTimeout(() => {
      late = true;
      stop();
    }, this.#limits.statement);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await answered.promise;
    } catch (error) {
      signal.throwIfAborted();
      setMaxListeners(0, signal); // every statement listens
      if (!late) throw error;
      const message = `${doing} was stopped after ${this.#limits.statement} ms`;
      throw new AtlasError('ATLAS_CH_STATEMENT', message, { cause: error, hint: 'Raise statement_ms in timeouts.' });
    } finally {
      clearTimeout(limit);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Waits until a statement that was told to stop has; the engine is ended where it does not. */
  async #within(milliseconds: number, settled: Promise<void>): Promise<void> {
    const limit = setTimeout(() => this.#engine.kill(), milliseconds);
    await settled.catch(() => {});
    clearTimeout(limit);
  }

  #errorOf(reason: string, doing: string): AtlasError {
    const exception = parseException(reason);
    if (exception !== null) return clickhouseError(exception, doing);
    return new AtlasError('ATLAS_CH_STATEMENT', `${doing} failed: ${reason.slice(0, 200)}`);
  }
}

/** Finds the statement in `system.processes`; two under one name would be stopped together. */
function commentOf({ queryId }: Statement): string {
  return queryId ?? `atlas-${randomUUID()}`;
}
