import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { Client, PreparedStatement, ResultColumn } from './client.ts';
import { databaseError } from './database-error.ts';
import type { MysqlSession } from './mysql-session.ts';
import { PacketWalker } from './packet-walker.ts';
import { ResultHead } from './result-head.ts';

/** Bytes that are read ahead of whoever takes them, and bytes below which reading goes on. */
const HIGH_WATER = 4 << 20;
const LOW_WATER = 1 << 20;

/** What to ask, and how its rows are to be cut. */
export interface RowQuery {
  readonly sql: string;
  readonly values: readonly string[];
  /** For messages: `shop.orders`. */
  readonly path: string;
  /** Bytes of a piece, which ends with the row that reaches them. */
  readonly pieceBytes: number;
  /** Pieces at most; the last takes what is left. */
  readonly pieces: number;
  /** Throws where the columns of the result are not those that are expected. */
  readonly check: (columns: readonly ResultColumn[]) => void;
}

/** What `next` answers: bytes of row packets, cut anywhere; the end of a piece; null: the result is complete. */
export type RowPart = Buffer | { readonly nextSequence: number } | null;

/**
 * The rows of a prepared statement as the server sends them. While they come, the socket's bytes go here instead of to mysql2, which hears
 * what stands before and behind them. Reading pauses while too much lies here untaken.
 */
export class RowStream {
  /** Sequence number of the first row's packet. */
  readonly sequence: number;
  readonly #session: MysqlSession;
  readonly #path: string;
  readonly #tap: Tap;
  #left = false;

  private constructor(session: MysqlSession, path: string, tap: Tap, sequence: number) {
    this.#session = session;
    this.#path = path;
    this.#tap = tap;
    this.sequence = sequence;
  }

  /** Prepares and asks; answers when the server has said what the columns are. Fails with ATLAS_DB_*. */
  static async open(session: MysqlSession, query: RowQuery, { signal }: Abortable): Promise<RowStream> {
    const { client, connection } = session;
    const { sql, values, path } = query;
    const doing = { connection, what: `read ${path}` };
    try {
      const statement = await session.wait<PreparedStatement>((heard) => client.prepare(sql, heard), {
        signal,
        what: doing.what,
      });
      if (statement.parameters.length !== values.length) {
        const message = `${path}: the statement has ${statement.parameters.length} parameters, ${values.length} values are bound: a bare ? stands for one`;
        throw new AtlasError('ATLAS_DB_QUERY', message);
      }
      const tap = new Tap(client, query);
      const sequence = await tap.begin(statement, connection.limits.idle, { signal }, () => session.kill());
      return new RowStream(session, path, tap, sequence);
    } catch (error) {
      throw databaseError(error, doing);
    }
  }

  /** Fails with ATLAS_DB_LOST, ATLAS_DB_TIMEOUT, and what the server says in the midst of rows. */
  async next({ signal }: Abortable): Promise<RowPart> {
    const { connection } = this.#session;
    try {
      return await this.#tap.next(connection.limits.idle, { signal });
    } catch (error) {
      this.#left = true;
      await this.#session.kill();
      throw databaseError(error, { connection, what: `read ${this.#path}`, reading: true });
    }
  }

  /** Bytes of rows that lie here already, before any end. */
  get ready(): Buffer | undefined {
    return this.#tap.readyBytes;
  }

  /** Stops the query where it still runs, and lets the session go on: its snapshot stays. Bounded in time. */
  async leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    if (!this.#tap.ended && !this.#session.destroyed) {
      const ended = this.#tap.discard();
      await this.#session.interrupt();
      if (!(await ended)) return this.#session.kill();
      // where the query was done first, what was to interrupt it may hit this one
      await this.#session.ask('DO 0', { signal: new AbortController().signal }).catch(() => {});
    }
    this.#tap.forget();
  }
}

/** How long a query that was interrupted may take to end. */
const PATIENCE_MS = 10_000;

class Tap {
  readonly #client: Client;
  readonly #query: RowQuery;
  readonly #parts: NonNullable<RowPart>[] = [];
  #waiting = 0;
  #walker: PacketWalker | null = null;
  #discarding = false;
  #outcome: { readonly error: Error | null } | null = null;
  #wake = (): void => {};

  constructor(client: Client, query: RowQuery) {
    this.#client = client;
    this.#query = query;
  }

  get ended(): boolean {
    return this.#outcome !== null;
  }

  get readyBytes(): Buffer | undefined {
    return Buffer.isBuffer(this.#parts[0]) ? (this.ready as Buffer) : undefined;
  }

  get ready(): RowPart | undefined {
    const part = this.#parts.shift();
    if (part === undefined) return this.#outcome?.error === null ? null : undefined;
    if (Buffer.isBuffer(part)) this.#take(part.length);
    return part;
  }

  /** Asks the statement; answers the sequence number of its first row's packet. */
  async begin(
    statement: PreparedStatement,
    idleMs: number,
    { signal }: Abortable,
    kill: () => Promise<void>,
  ): Promise<number> {
    const { stream, packetParser } = this.#client;
    const begun = new Promise<number>((resolve, reject) => {
      const head = new ResultHead((packet) => packetParser.execute(packet));
      stream.removeAllListeners('data');
      stream.on('data', (bytes: Buffer) => {
        try {
          if (this.#walker !== null) return this.#walk(bytes);
          const found = head.take(bytes);
          if (found === null) return;
          if (found.sequence === null) return this.#restore(found.rest);
          this.#walker = new PacketWalker(this.#listener(), found.sequence, this.#query);
          resolve(found.sequence);
          if (found.rest.length > 0) this.#walk(found.rest);
        } catch (error) {
          this.#end(error as Error);
          stream.destroy();
        }
      });
      this.#wake = () => reject(this.#outcome?.error ?? noRows(this.#query));
    });
    let columns: readonly ResultColumn[] = [];
    const command = statement.execute(this.#query.values, (error) => this.#end(error ?? null)) as {
      once(event: 'fields', heard: (columns: readonly ResultColumn[]) => void): void;
    };
    command.once('fields', (found) => {
      columns = found;
    });
    const stop = (): void => {
      this.#end(signal.reason);
      void kill();
    };
    signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(() => {
      this.#end(silence(this.#query, idleMs));
      void kill();
    }, idleMs);
    try {
      const sequence = await begun;
      this.#query.check(columns);
      return sequence;
    } catch (error) {
      if (this.#outcome === null) await kill();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  async next(idleMs: number, { signal }: Abortable): Promise<RowPart> {
    for (;;) {
      signal.throwIfAborted();
      const { ready } = this;
      if (ready !== undefined) return ready;
      if (this.#outcome?.error) throw this.#outcome.error;
      await this.#arrival(idleMs, signal);
    }
  }

  /** Takes no more notice of rows; answers whether the result ended in time. */
  async discard(): Promise<boolean> {
    this.#discarding = true;
    this.forget();
    this.#client.stream.resume();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
      this.#wake = () => {
        if (this.ended) resolve();
      };
      if (this.ended) resolve();
    });
    clearTimeout(timer);
    return this.ended && !this.#client.stream.destroyed;
  }

  forget(): void {
    this.#parts.length = 0;
    this.#waiting = 0;
  }

  async #arrival(idleMs: number, signal: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let stop = (): void => {};
    try {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        stop = () => reject(signal.reason);
        signal.addEventListener('abort', stop, { once: true });
        timer = setTimeout(() => {
          reject(silence(this.#query, idleMs));
        }, idleMs);
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      this.#wake = () => {};
    }
  }

  #walk(bytes: Buffer): void {
    const rest = (this.#walker as PacketWalker).walk(bytes);
    if (this.#parts.length > 0) this.#wake();
    if (rest.length > 0) this.#client.packetParser.execute(rest);
  }

  #listener() {
    return {
      rows: (bytes: Buffer): void => {
        if (this.#discarding) return;
        this.#parts.push(bytes);
        this.#waiting += bytes.length;
        if (this.#waiting >= HIGH_WATER) this.#client.stream.pause();
      },
      piece: (nextSequence: number): void => {
        if (!this.#discarding) this.#parts.push({ nextSequence });
      },
      end: (packet: Buffer): void => {
        // mysql2 counts packets, and has not seen those of the rows
        this.#client.sequenceId = packet[3] as number;
        this.#restore(packet);
      },
    };
  }

  #take(bytes: number): void {
    const before = this.#waiting;
    this.#waiting -= bytes;
    if (before >= LOW_WATER && this.#waiting < LOW_WATER) this.#client.stream.resume();
  }

  /** What comes now is mysql2's again. */
  #restore(rest: Buffer): void {
    const { stream, packetParser } = this.#client;
    stream.removeAllListeners('data');
    stream.on('data', (bytes: Buffer) => packetParser.execute(bytes));
    if (rest.length > 0) packetParser.execute(rest);
    stream.resume();
  }

  #end(error: Error | null): void {
    this.#outcome ??= { error };
    this.#wake();
  }
}

function noRows({ path }: RowQuery): AtlasError {
  return new AtlasError('ATLAS_DB_QUERY', `${path}: the statement answers no rows: a SELECT is needed`);
}

function silence({ path }: RowQuery, idleMs: number): AtlasError {
  return new AtlasError('ATLAS_DB_TIMEOUT', `${path}: not a byte in ${idleMs} ms`);
}
