import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';
import { type RowQuery, RowStream } from '../connection/row-stream.ts';
import type { MysqlSlice } from '../mysql-slice.ts';
import type { DeskOptions, RowDesk, TaskRows } from './task-rows.ts';

/** One result on one connection, handed out piece by piece, in order. */
export class PieceDesk implements RowDesk {
  readonly #session: MysqlSession;
  readonly #query: RowQuery;
  #stream: RowStream | null = null;
  /** The piece whose first row is the next to come. */
  #next = 0;
  #sequence = 0;
  #ended = false;
  #failure: unknown = null;
  /** Who holds the piece that is being taken. */
  #holder: PieceRows | null = null;
  #closed = false;
  readonly #waiting = new Set<() => void>();

  constructor(session: MysqlSession, query: RowQuery) {
    this.#session = session;
    this.#query = query;
  }

  async open(slice: MysqlSlice, { signal, inTurn }: DeskOptions): Promise<TaskRows> {
    if (slice.kind !== 'piece') throw new AtlasError('ATLAS_INTERNAL', 'the task is no piece of a result');
    const { piece } = slice;
    if (inTurn) await this.#turn(piece, signal);
    else if (this.#holder !== null || piece < this.#next) await this.#rewind();
    const rows = new PieceRows(this, inTurn);
    this.#holder = rows;
    try {
      if (this.#stream === null) {
        this.#stream = await RowStream.open(this.#session, this.#query, { signal });
        this.#sequence = this.#stream.sequence;
      }
      while (this.#next < piece) while ((await this.take({ signal })) !== null);
    } catch (error) {
      this.#failure = error;
      this.release(rows);
      throw error;
    }
    rows.sequence = this.#sequence;
    return rows;
  }

  /** Bytes of the piece; null at its end. */
  async take(options: Abortable): Promise<Buffer | null> {
    const stream = this.#stream;
    if (this.#closed || stream === null) throw closed(this.#query);
    const part = this.#ended ? null : await stream.next(options);
    if (Buffer.isBuffer(part)) return part;
    if (part === null) this.#ended = true;
    else this.#sequence = part.nextSequence;
    this.#next += 1;
    return null;
  }

  get ready(): Buffer | undefined {
    return this.#stream?.ready;
  }

  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /** The holder is done with its piece: at its end, or before it. */
  release(rows: PieceRows): void {
    if (this.#holder !== rows) return;
    this.#holder = null;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Whether `rows` may take bytes: nobody else began since. */
  holds(rows: PieceRows): boolean {
    return this.#holder === rows;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const wake of [...this.#waiting]) wake();
    const running = this.#stream !== null && !this.#ended;
    if (running && !this.#session.destroyed) await this.#session.kill();
    else await this.#session[Symbol.asyncDispose]();
  }

  async #turn(piece: number, signal: AbortSignal): Promise<void> {
    while (this.#holder !== null || this.#next !== piece) {
      if (this.#failure !== null) throw this.#failure;
      if (this.#closed) throw closed(this.#query);
      signal.throwIfAborted();
      let wake = (): void => {};
      await new Promise<void>((resolve) => {
        wake = resolve;
        this.#waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
      this.#waiting.delete(wake);
      signal.removeEventListener('abort', wake);
    }
  }

  async #rewind(): Promise<void> {
    await this.#stream?.leave();
    this.#stream = null;
    this.#holder = null;
    this.#next = 0;
    this.#ended = false;
  }
}

class PieceRows implements TaskRows {
  sequence = 0;
  readonly #desk: PieceDesk;
  readonly #inTurn: boolean;
  #done = false;

  constructor(desk: PieceDesk, inTurn: boolean) {
    this.#desk = desk;
    this.#inTurn = inTurn;
  }

  get ready(): Buffer | undefined {
    return this.#done || !this.#desk.holds(this) ? undefined : this.#desk.ready;
  }

  async next(options: Abortable): Promise<Buffer | null> {
    if (this.#done) return null;
    if (!this.#desk.holds(this)) throw new AtlasError('ATLAS_INTERNAL', 'the piece was given to another reader');
    try {
      const bytes = await this.#desk.take(options);
      if (bytes === null) this.#end();
      return bytes;
    } catch (error) {
      this.#desk.fail(error);
      this.#end();
      throw error;
    }
  }

  async leave(): Promise<void> {
    if (this.#done) return;
    if (this.#inTurn) void this.#skip();
    else this.#done = true;
  }

  /** Others wait for what follows this piece. */
  async #skip(): Promise<void> {
    const { signal } = new AbortController();
    try {
      while ((await this.next({ signal })) !== null);
    } catch {
      // it was told to those who wait
    }
  }

  #end(): void {
    this.#done = true;
    this.#desk.release(this);
  }
}

function closed({ path }: RowQuery): AtlasError {
  return new AtlasError('ATLAS_INTERNAL', `the source of ${path} is closed`);
}
