import type { MessagePort } from 'node:worker_threads';
import { AtlasError } from '../../../errors.ts';
import type { MysqlSlice } from '../mysql-slice.ts';
import type { RowDesk, TaskRows } from '../read/task-rows.ts';
import type { FromReader } from './from-reader.ts';
import type { PostedError, ToReader } from './to-reader.ts';

/** Bytes of a message, about. */
const MESSAGE = 256 << 10;
/** Bytes that a reader may have untaken. */
const AHEAD = 4 << 20;

/** Serves the rows of tasks to a reader in another thread, one task at a time, never more than it takes. Ends with the port. */
export function serveRows(port: MessagePort, desk: RowDesk): void {
  const server = new RowServer(port, desk);
  port.on('message', (message: FromReader) => server.hear(message));
  port.on('close', () => server.close());
  // what is served ends with the source, and keeps nothing alive
  port.unref();
}

class RowServer {
  readonly #port: MessagePort;
  readonly #desk: RowDesk;
  readonly #closing = new AbortController();
  #rows: TaskRows | null = null;
  #turn = 0;
  #untaken = 0;
  #wake = (): void => {};

  constructor(port: MessagePort, desk: RowDesk) {
    this.#port = port;
    this.#desk = desk;
  }

  hear(message: FromReader): void {
    if (message.type === 'open') void this.#serve(message.turn, message.slice);
    else if (message.turn !== this.#turn) return;
    else if (message.type === 'taken') {
      this.#untaken -= message.bytes;
      this.#wake();
    } else void this.#leave();
  }

  close(): void {
    this.#closing.abort(new Error('the reader is gone'));
    this.#wake();
    void this.#leave();
  }

  async #serve(turn: number, slice: MysqlSlice): Promise<void> {
    const { signal } = this.#closing;
    this.#turn = turn;
    this.#untaken = 0;
    try {
      const rows = await this.#desk.open(slice, { signal, inTurn: true });
      if (turn !== this.#turn) return await rows.leave();
      this.#rows = rows;
      this.#post({ turn: this.#turn, type: 'begun', sequence: rows.sequence });
      await this.#send(rows, signal);
    } catch (error) {
      if (!signal.aborted && turn === this.#turn)
        this.#post({ turn: this.#turn, type: 'failed', error: postable(error) });
    }
  }

  async #send(rows: TaskRows, signal: AbortSignal): Promise<void> {
    for (;;) {
      while (this.#untaken >= AHEAD && this.#rows === rows && !signal.aborted) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      if (this.#rows !== rows || signal.aborted) return;
      const first = await rows.next({ signal });
      if (this.#rows !== rows) return;
      if (first === null) {
        this.#rows = null;
        return this.#post({ turn: this.#turn, type: 'ended' });
      }
      const parts = [first];
      let length = first.length;
      for (let more = rows.ready; more !== undefined; more = length < MESSAGE ? rows.ready : undefined) {
        parts.push(more);
        length += more.length;
      }
      // a copy that nobody else looks into: it changes hands
      const bytes = Buffer.allocUnsafeSlow(length);
      let at = 0;
      for (const part of parts) at += part.copy(bytes, at);
      this.#untaken += length;
      this.#post({ turn: this.#turn, type: 'rows', bytes }, [bytes.buffer as ArrayBuffer]);
    }
  }

  async #leave(): Promise<void> {
    const rows = this.#rows;
    this.#rows = null;
    this.#wake();
    await rows?.leave();
  }

  #post(message: ToReader, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

function postable(error: unknown): PostedError {
  if (!(error instanceof AtlasError)) return { code: null, message: String(error), place: {}, hint: null };
  const { code, message, place, hint } = error;
  return { code, message, place, hint };
}
