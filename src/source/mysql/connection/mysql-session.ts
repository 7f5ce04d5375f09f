import { createConnection as openSocket, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { AtlasError } from '../../../errors.ts';
import type { MysqlConnection } from '../../../flow/connections.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { Client } from './client.ts';
import { databaseError } from './database-error.ts';
import { OPTIONAL_SETTINGS, READ_ONLY, sessionSettings, UNKNOWN_VARIABLE } from './session-settings.ts';
import { socketPath } from './socket-path.ts';
import { readTlsMaterial, type TlsMaterial, verifyTls } from './start-tls.ts';

/** A row in the server's own words. */
export type TextRow = readonly (string | null)[];

/** How long a session that is done waits for its server's goodbye, and a statement for being killed. */
const FAREWELL_MS = 3000;

/** One signed-in connection: asks statements one after the other. Files are never sent, and only one statement at a time. */
export class MysqlSession implements AsyncDisposable {
  readonly client: Client;
  readonly connection: MysqlConnection;
  #destroyed = false;

  private constructor(client: Client, connection: MysqlConnection) {
    this.client = client;
    this.connection = connection;
    // what breaks while nobody asks is told to the next one who does
    client.on('error', () => {});
  }

  /** Connects and signs in; once. Fails with ATLAS_DB_*, and with what aborted it. */
  static async open(connection: MysqlConnection, options: Abortable): Promise<MysqlSession> {
    const session = await MysqlSession.#connect(connection, options);
    try {
      await session.ask(sessionSettings(connection.limits.statement), options);
      for (const setting of OPTIONAL_SETTINGS) await session.#set(setting, options);
      await session.ask(READ_ONLY, options);
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  static async #connect(connection: MysqlConnection, { signal }: Abortable): Promise<MysqlSession> {
    signal.throwIfAborted();
    const material = await readTlsMaterial(connection);
    const path = connection.host.startsWith('/') ? await socketPath(connection.host) : null;
    const { createConnection } = await import('mysql2');
    signal.throwIfAborted();
    const { host, port } = connection;
    const socket = path === null ? openSocket({ host, port, noDelay: true, keepAlive: true }) : openSocket({ path });
    const stop = (): void => {
      socket.destroy();
    };
    signal.addEventListener('abort', stop, { once: true });
    const client = createConnection(clientOptions(connection, socket, material)) as unknown as Client;
    const session = new MysqlSession(client, connection);
    if (material !== null) verifyTls(client, material);
    try {
      await new Promise<void>((resolve, reject) => {
        client.connect((error) => (error === null ? resolve() : reject(error)));
      });
      return session;
    } catch (error) {
      session.destroy();
      signal.throwIfAborted();
      throw databaseError(error, { connection, what: `sign in as ${userOf(connection)}` });
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Number by which the server knows the session. */
  get id(): number {
    return this.client.threadId;
  }

  get destroyed(): boolean {
    return this.#destroyed || this.client.stream.destroyed;
  }

  /**
   * Asks a statement and takes all of its rows: for what is small. Values are bound. Fails with ATLAS_DB_*; one that takes longer than
   * the connection allows loses the session.
   */
  async ask(
    sql: string,
    { signal }: Abortable,
    values: readonly unknown[] = [],
    what = 'ask',
  ): Promise<readonly TextRow[]> {
    const { connection, client } = this;
    const answer = await this.wait<unknown>(
      (heard) => {
        const options = { sql, values: [...values], rowsAsArray: true };
        if (values.length > 0) client.execute(options, heard);
        else client.query({ ...options, typeCast: textOf }, heard);
      },
      { signal, what },
    ).catch((error: unknown) => {
      throw databaseError(error, { connection, what });
    });
    return Array.isArray(answer) ? answer.map((row: readonly unknown[]) => row.map(asText)) : [];
  }

  /** Waits for what `begin` is told, as long as a statement may take; where it takes longer the session is lost. */
  async wait<T>(
    begin: (heard: (error: Error | null, value: T) => void) => void,
    { signal, what }: Abortable & { readonly what: string },
  ): Promise<T> {
    signal.throwIfAborted();
    const { connection } = this;
    if (this.destroyed)
      throw new AtlasError('ATLAS_DB_LOST', `could not ${what}: the session to ${connection.name} ended`);
    const { statement } = connection.limits;
    let timer: NodeJS.Timeout | undefined;
    let stop = (): void => {};
    try {
      return await new Promise<T>((resolve, reject) => {
        const give = (error: unknown): void => {
          void this.kill();
          reject(error);
        };
        stop = () => give(signal.reason);
        signal.addEventListener('abort', stop, { once: true });
        timer = setTimeout(() => {
          const message = `could not ${what} (${connection.name}): no answer in ${statement} ms`;
          give(new AtlasError('ATLAS_DB_TIMEOUT', message));
        }, statement);
        begin((error, value) => (error === null || error === undefined ? resolve(value) : reject(error)));
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends the session and whatever it does in the server, in bounded time; says nothing of how that went. */
  async kill(): Promise<void> {
    const { id } = this;
    this.destroy();
    await this.#besides(`KILL ${id}`);
  }

  /** Ends the statement that runs, in bounded time; the session and its snapshot stay. */
  async interrupt(): Promise<void> {
    await this.#besides(`KILL QUERY ${this.id}`);
  }

  /** Leaves without a word. */
  destroy(): void {
    this.#destroyed = true;
    this.client.stream.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.destroyed) return;
    this.#destroyed = true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FAREWELL_MS);
      this.client.stream.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.client.end(() => {});
    });
    this.client.stream.destroy();
  }

  async #besides(sql: string): Promise<void> {
    const signal = AbortSignal.timeout(FAREWELL_MS);
    try {
      await using other = await MysqlSession.#connect(this.connection, { signal });
      await other.ask(sql, { signal });
    } catch {
      // the server will notice by itself that nobody listens
    }
  }

  async #set(setting: string, options: Abortable): Promise<void> {
    try {
      await this.ask(setting, options);
    } catch (error) {
      const { errno } = ((error as Error).cause ?? {}) as { readonly errno?: number };
      if (errno !== UNKNOWN_VARIABLE) throw error;
    }
  }
}

function clientOptions(connection: MysqlConnection, socket: Socket, material: TlsMaterial | null): object {
  const { database, password, limits } = connection;
  return {
    stream: () => socket,
    host: material?.serverName ?? connection.host,
    port: connection.port,
    user: userOf(connection),
    database,
    ...(password !== null && { password }),
    ...(material !== null && { ssl: {} }),
    charset: 'UTF8MB4_GENERAL_CI',
    connectTimeout: limits.connect,
    // neither files nor several statements; names of functions are not reserved words
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE', '-SESSION_TRACK'],
    multipleStatements: false,
    infileStreamFactory: refuseFile,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    timezone: 'Z',
    // a column's name never becomes code
    disableEval: true,
    connectAttributes: { program_name: 'atlas-ingest' },
  };
}

function refuseFile(): never {
  throw new AtlasError('ATLAS_DB_PROTOCOL', 'the server asks for a file of this machine, which it will not get');
}

function userOf({ user }: MysqlConnection): string {
  return user ?? userInfo().username;
}

function textOf(field: { buffer(): Buffer | null }): string | null {
  return field.buffer()?.toString('utf8') ?? null;
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}
