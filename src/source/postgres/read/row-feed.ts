import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { WireDecoder } from '../../wire/wire-decoder.ts';
import type { WireFeed } from '../../wire/wire-reader.ts';
import type { ForeignMessage } from '../../wire/wire-shape.ts';
import { databaseError } from '../connection/database-error.ts';
import type { PgWire, Submittable } from '../connection/pg-wire.ts';
import type { SentStatement } from '../connection/sent-statement.ts';
import type { Session } from '../connection/session.ts';
import { SocketTap } from './socket-tap.ts';

/** The statement of one task, and how its rows are asked for. */
export interface RowStatement extends SentStatement {
  /** COPY … (FORMAT binary), as it is sent; or a SELECT, whose portal answers `fetchRows` rows each time it is asked. */
  readonly mode: 'copy' | 'rows';
  readonly fetchRows: number;
  /** For messages: `reading public.orders`. */
  readonly doing: string;
}

/**
 * The rows of one statement, taken off the socket below the client library's parser and written to the decoder as they are; every message
 * that is no row goes to the library. While the decoder has no room the socket is not read.
 */
export class RowFeed implements WireFeed, Submittable {
  readonly #session: Session;
  readonly #statement: RowStatement;
  readonly #decoder: WireDecoder;
  #tap: SocketTap | null = null;
  /** Bytes that the decoder had no room for. */
  #waiting: Uint8Array | null = null;
  /** Bytes were written since the last `fill`. */
  #fresh = false;
  #wake: (() => void) | null = null;
  #failed: { readonly reason: unknown } | null = null;
  #ended = false;
  /** Times the portal stopped after `fetchRows` rows. */
  #pauses = 0;
  #tag: string | null = null;

  private constructor(session: Session, statement: RowStatement, decoder: WireDecoder) {
    this.#session = session;
    this.#statement = statement;
    this.#decoder = decoder;
  }

  /** Sends the statement; the decoder begins its result. */
  static start(session: Session, statement: RowStatement, decoder: WireDecoder): RowFeed {
    decoder.begin({ mode: statement.mode });
    const feed = new RowFeed(session, statement, decoder);
    session.submit(feed);
    return feed;
  }

  submit(wire: PgWire): void {
    this.#tap = new SocketTap(wire.stream, (bytes) => this.#take(bytes));
    const { mode, sql, values } = this.#statement;
    if (mode === 'copy') {
      wire.query(sql);
      return;
    }
    wire.parse({ text: sql });
    wire.bind({ portal: '', values, binary: true });
    this.#fetch(wire);
  }

  async fill(decoder: WireDecoder, { signal }: Abortable): Promise<boolean> {
    while (!this.#ended) {
      signal.throwIfAborted();
      if (this.#waiting !== null) this.#pour(decoder);
      if (this.#fresh) {
        this.#fresh = false;
        return true;
      }
      if (this.#failed !== null) throw this.#fault(this.#failed.reason);
      await this.#arrival(signal);
    }
    return false;
  }

  hear({ bytes }: ForeignMessage, decoder: WireDecoder): void {
    this.#tap?.pass(bytes);
    if (this.#failed !== null) throw this.#fault(this.#failed.reason);
    if (this.#ended) this.#finish(decoder);
  }

  handlePortalSuspended(wire: PgWire): void {
    this.#pauses += 1;
    this.#fetch(wire);
  }

  handleCommandComplete({ text }: { readonly text: string }, wire: PgWire): void {
    this.#tag = text;
    if (this.#statement.mode === 'rows') wire.sync();
  }

  handleReadyForQuery(): void {
    this.#ended = true;
  }

  handleError(reason: unknown): void {
    this.#failed ??= { reason };
    this.#wake?.();
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}

  /** A result that was left before its end cannot be skipped: the connection goes with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.#session.abandon(new Error('the rows that remain are not wanted'));
  }

  #fetch(wire: PgWire): void {
    wire.execute({ portal: '', rows: this.#statement.fetchRows });
    wire.flush();
  }

  #take(bytes: Buffer): void {
    const written = this.#waiting === null ? this.#decoder.write(bytes) : 0;
    if (written > 0) this.#fresh = true;
    if (written < bytes.length) {
      // the socket reads into the same bytes again
      const rest = Buffer.from(bytes.subarray(written));
      this.#waiting = this.#waiting === null ? rest : Buffer.concat([this.#waiting, rest]);
      this.#session.wire.stream.pause();
    }
    this.#wake?.();
  }

  #pour(decoder: WireDecoder): void {
    const waiting = this.#waiting as Uint8Array;
    const written = decoder.write(waiting);
    if (written > 0) this.#fresh = true;
    this.#waiting = written < waiting.length ? waiting.subarray(written) : null;
    if (this.#waiting === null) this.#session.wire.stream.resume();
  }

  async #arrival(signal: AbortSignal): Promise<void> {
    const { connection } = this.#session;
    const { idle } = connection.limits;
    const late = setTimeout(() => {
      const message = `postgresql://${connection.name}, ${this.#statement.doing}: no byte came in ${idle} ms`;
      this.handleError(new AtlasError('ATLAS_DB_TIMEOUT', message));
    }, idle);
    const { promise, resolve } = withResolver();
    this.#wake = resolve;
    signal.addEventListener('abort', resolve, { once: true });
    try {
      await promise;
    } finally {
      this.#wake = null;
      clearTimeout(late);
      signal.removeEventListener('abort', resolve);
    }
  }

  #fault(reason: unknown): AtlasError {
    const { connection } = this.#session;
    return databaseError(reason, { connection, doing: this.#statement.doing, statement: this.#statement });
  }

  /** The server says how many rows it sent; that many must have been decoded. */
  #finish(decoder: WireDecoder): void {
    const bytes = decoder.rest();
    this.#tap?.close();
    this.#tap?.pass(bytes);
    if (this.#waiting !== null) this.#tap?.pass(this.#waiting);
    this.#waiting = null;
    const { doing, mode, fetchRows } = this.#statement;
    const last = /^(?:COPY|SELECT) (\d+)$/.exec(this.#tag ?? '')?.[1];
    const sent = Number(last ?? Number.NaN) + (mode === 'rows' ? this.#pauses * fetchRows : 0);
    const decoded = decoder.rows + decoder.rejected;
    if (sent === decoded) return;
    throw new AtlasError(
      'ATLAS_ROWS_UNACCOUNTED',
      `${doing}: the server sent ${sent} rows (${this.#tag}), ${decoded} were decoded`,
    );
  }
}

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
