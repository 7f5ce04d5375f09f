import { AtlasError } from '../../../errors.ts';
import type { PostgresConnection } from '../../../flow/connections.ts';
import type { Abortable } from '../../../flow/source.ts';
import { cancelStatement } from './cancel-statement.ts';
import { connectOnce, type PostgresClient } from './connect.ts';
import { databaseError } from './database-error.ts';
import { userOf } from './password-of.ts';
import type { Submittable } from './pg-wire.ts';
import type { SentStatement } from './sent-statement.ts';
import type { ServerVersion } from './server-version.ts';
import { sessionSettings } from './session-settings.ts';
import { type DescribedField, StatementDescriber } from './statement-describer.ts';

/** A row as the server prints it. */
export type TextRow = readonly (string | null)[];

export interface SessionOptions extends Abortable {
  /** The snapshot of another session to see; its own where it is left out. */
  readonly snapshot?: string;
  /** Rows of a whole table are read by it, however long that takes. */
  readonly unlimited?: boolean;
}

/** How much longer than the server the client waits for the end of a statement: it was lost then, milliseconds. */
const GRACE_MS = 5_000;

/**
 * A connection and one transaction on it, REPEATABLE READ READ ONLY, for as long as it lives: all that is asked of it is seen in one
 * snapshot, and its settings end with it, so that it works through a pool that keeps a connection for a transaction. After a failure it is
 * of no more use.
 */
export class Session implements AsyncDisposable {
  readonly connection: PostgresConnection;
  readonly version: ServerVersion;
  readonly #open: PostgresClient;

  private constructor(connection: PostgresConnection, open: PostgresClient, version: ServerVersion) {
    this.connection = connection;
    this.#open = open;
    this.version = version;
  }

  /** Connects, once. Fails with ATLAS_DB_*. */
  static async open(connection: PostgresConnection, options: SessionOptions): Promise<Session> {
    const { signal, snapshot } = options;
    const opened = await connectOnce(connection, { signal });
    const session = new Session(connection, opened, { name: 'PostgreSQL', number: 0 });
    try {
      const begin = 'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';
      await session.rows({ sql: begin, values: [], written: [] }, 'beginning a transaction', { signal });
      if (snapshot !== undefined) await session.#join(snapshot, { signal });
      const limit = options.unlimited === true ? 0 : connection.limits.statement;
      const settings = `${sessionSettings(limit)}; SELECT current_setting('server_version'), current_setting('server_version_num')`;
      const [said] = await session.rows({ sql: settings, values: [], written: [] }, 'settings of a session', {
        signal,
      });
      const name = `PostgreSQL ${said?.[0]?.split(' ')[0] ?? ''}`.trim();
      return new Session(connection, opened, { name, number: Number(said?.[1]) });
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Null while the connection stands. */
  get lost(): AtlasError | null {
    const reason = this.#open.lost();
    return reason === null ? null : databaseError(reason, { connection: this.connection, doing: 'while it was idle' });
  }

  /** Rows of one statement, or of the last of several without values. `doing`: what messages say was asked. Fails with ATLAS_DB_*. */
  async rows(statement: SentStatement, doing: string, options: Abortable): Promise<readonly TextRow[]> {
    const { client } = this.#open;
    const { sql, values } = statement;
    const config = { text: sql, rowMode: 'array' as const, ...(values.length > 0 && { values: [...values] }) };
    const result: unknown = await this.#guard(() => client.query(config), { statement, doing }, options);
    const last = (Array.isArray(result) ? result.at(-1) : result) as { readonly rows: readonly TextRow[] };
    return last.rows;
  }

  /** What a statement would answer, without running it. Fails with ATLAS_DB_*. */
  async describe(statement: SentStatement, doing: string, options: Abortable): Promise<readonly DescribedField[]> {
    const describer = new StatementDescriber(statement.sql);
    const action = (): Promise<readonly DescribedField[]> => {
      this.submit(describer);
      return describer.described;
    };
    return await this.#guard(action, { statement, doing }, options);
  }

  /** Runs something that speaks the protocol itself. */
  submit(query: Submittable): void {
    this.#open.client.query(query as never);
  }

  /** Who signed in. */
  get user(): string {
    return userOf(this.connection, process.env);
  }

  get wire(): PostgresClient['wire'] {
    return this.#open.wire;
  }

  /** Ends the connection at once, and has the server stop what it does for it. */
  abandon(reason: unknown): void {
    if (this.#open.lost() !== null) return;
    cancelStatement(this.connection, this.#open.client);
    this.#open.drop(reason);
  }

  /** Says good-bye, or ends at once where something is still going on. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open.lost() !== null) return;
    const { client } = this.#open;
    const late = setTimeout(() => this.#open.drop(new Error('no answer to good-bye')), 1_000);
    try {
      await client.end();
    } catch {
      // it was gone already
    } finally {
      clearTimeout(late);
    }
  }

  async #join(snapshot: string, options: Abortable): Promise<void> {
    try {
      const sql = `SET TRANSACTION SNAPSHOT '${snapshot.replaceAll("'", "''")}'`;
      await this.rows({ sql, values: [], written: [] }, 'sharing a snapshot', options);
    } catch (error) {
      if (!(error instanceof AtlasError) || error.code !== 'ATLAS_DB_QUERY') throw error;
      throw new AtlasError('ATLAS_DB_SNAPSHOT', `${error.message}`, { cause: error });
    }
  }

  /** Ends the session where an answer is late or no longer wanted. */
  async #guard<T>(
    action: () => Promise<T>,
    context: { readonly statement: SentStatement; readonly doing: string },
    { signal }: Abortable,
  ): Promise<T> {
    signal.throwIfAborted();
    const { connection } = this;
    const limit = connection.limits.statement;
    const late = new AtlasError(
      'ATLAS_DB_TIMEOUT',
      `postgresql://${connection.name}, ${context.doing}: no answer in ${limit} ms`,
    );
    const timer = setTimeout(() => this.abandon(late), limit + GRACE_MS);
    const stop = (): void => this.abandon(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (this.#open.lost() === late) throw late;
      throw databaseError(error, { connection, ...context });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }
}
