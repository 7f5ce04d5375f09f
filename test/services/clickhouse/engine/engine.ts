import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EngineException } from './engine-exception.ts';

/** A connection of the engine's; opaque. */
type Connection = unknown;

/** The part of chdb's addon that is used: below its sessions, for a connection of its own per statement, and for counts of written rows. */
interface Addon {
  CreateConnection(path: string, args: readonly string[]): Connection;
  CloseConnection(connection: Connection): void;
  QueryWithConnection(connection: Connection, sql: string, format: string): string;
  QueryAsyncConnection(connection: Connection, sql: string, format: string): Promise<Omit<EngineAnswer, 'rowsWritten'>>;
  InsertRawAsyncConnection(
    connection: Connection,
    sql: string,
    more: Buffer,
    lines: boolean,
  ): Promise<{ readonly elapsed: number; readonly rowsWritten: number; readonly bytesWritten: number }>;
}

export interface EngineAnswer {
  readonly bytes: Uint8Array;
  /** Seconds. */
  readonly elapsed: number;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly rowsWritten?: number;
  readonly bytesWritten?: number;
}

/** What a statement runs under. */
export interface EngineContext {
  readonly database: string;
  /** Of what a query answers that names no FORMAT. */
  readonly format: string;
  readonly settings: readonly (readonly [string, string])[];
}

/** ClickHouse in this process. Statements run at once, each on a connection of its own. */
export class Engine implements Disposable {
  readonly #addon: Addon;
  readonly #folder: string;
  readonly #args: readonly string[];
  /** Keeps the engine open. */
  readonly #connection: Connection;

  /** `chdb`: the file of its package.json; `configuration`: a file of the engine's, or `null`. */
  constructor(chdb: string, folder: string, configuration: string | null) {
    const { loadNative } = createRequire(chdb)(join(dirname(chdb), 'dist', 'loader.js')) as { loadNative: () => Addon };
    this.#addon = loadNative();
    this.#folder = folder;
    const configured = configuration === null ? [] : [`--config-file=${configuration}`];
    this.#args = ['--async_load_databases=0', ...configured];
    this.#connection = this.#addon.CreateConnection(folder, this.#args);
  }

  /** The rows of a small query, as text. */
  ask(sql: string): string {
    return this.#addon.QueryWithConnection(this.#connection, sql, 'TabSeparated').trimEnd();
  }

  /** Runs a statement; Throws an `EngineException`. */
  async run(sql: string, isInsert: boolean, { database, format, settings }: EngineContext): Promise<EngineAnswer> {
    const connection = this.#addon.CreateConnection(this.#folder, this.#args);
    try {
      this.#addon.QueryWithConnection(connection, `USE ${quoted(database, '`')}`, 'Null');
      for (const [name, value] of settings) {
        this.#addon.QueryWithConnection(connection, `SET ${quoted(name, '`')} = ${quoted(value, "'")}`, 'Null');
      }
      if (!isInsert) return await this.#addon.QueryAsyncConnection(connection, sql, format);
      const written = await this.#addon.InsertRawAsyncConnection(connection, sql, Buffer.alloc(0), false);
      return { bytes: new Uint8Array(), rowsRead: 0, bytesRead: 0, ...written };
    } catch (error) {
      throw EngineException.of(error);
    } finally {
      this.#addon.CloseConnection(connection);
    }
  }

  [Symbol.dispose](): void {
    this.#addon.CloseConnection(this.#connection);
  }
}

/** As a string or a name of ClickHouse's. */
export function quoted(text: string, mark: "'" | '`'): string {
  return `${mark}${text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`).replaceAll('\0', '\\0')}${mark}`;
}
