import type { MessagePort } from 'node:worker_threads';
import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { MysqlSlice } from '../mysql-slice.ts';
import type { DeskOptions, RowDesk, TaskRows } from '../read/task-rows.ts';
import type { FromReader } from './from-reader.ts';
import type { PostedError, ToReader } from './to-reader.ts';

/** Rows of connections that another thread holds. */
export class SharedDesk implements RowDesk {
  readonly #port: MessagePort;
  #turn = 0;
  #rows: SharedRows | null = null;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: ToReader) => {
      // what comes of a turn that was left is nobody's
      if (message.turn === this.#turn) this.#rows?.hear(message);
    });
  }

  async open(slice: MysqlSlice, { signal }: DeskOptions): Promise<TaskRows> {
    this.#turn += 1;
    const rows = new SharedRows(this.#turn, (message) => this.#port.postMessage(message));
    this.#rows = rows;
    await rows.begin(slice, { signal });
    return rows;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#port.close();
  }
}

class SharedRows implements TaskRows {
  sequence = 0;
  readonly #turn: number;
  readonly #post: (message: FromReader) => void;
  readonly #parts: Buffer[] = [];
  #begun = false;
  #ended = false;
  #failure: PostedError | null = null;
  #wake = (): void => {};

  constructor(turn: number, post: (message: FromReader) => void) {
    this.#turn = turn;
    this.#post = post;
  }

  get ready(): Buffer | undefined {
    const bytes = this.#parts.shift();
    if (bytes !== undefined) this.#post({ turn: this.#turn, type: 'taken', bytes: bytes.length });
    return bytes;
  }

  async begin(slice: MysqlSlice, { signal }: Abortable): Promise<void> {
    this.#post({ turn: this.#turn, type: 'open', slice });
    while (!this.#begun) await this.#news(signal);
  }

  async next({ signal }: Abortable): Promise<Buffer | null> {
    for (;;) {
      const { ready } = this;
      if (ready !== undefined) return ready;
      if (this.#ended) return null;
      await this.#news(signal);
    }
  }

  async leave(): Promise<void> {
    if (this.#ended || this.#failure !== null) return;
    this.#ended = true;
    this.#parts.length = 0;
    this.#post({ turn: this.#turn, type: 'leave' });
  }

  hear(message: ToReader): void {
    switch (message.type) {
      case 'begun':
        this.sequence = message.sequence;
        this.#begun = true;
        break;
      case 'rows':
        if (!this.#ended) this.#parts.push(Buffer.from(message.bytes.buffer, 0, message.bytes.byteLength));
        break;
      case 'ended':
        this.#ended = true;
        break;
      case 'failed':
        this.#failure = message.error;
    }
    this.#wake();
  }

  async #news(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#failure !== null) throw unposted(this.#failure);
    let stop = (): void => {};
    try {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        stop = () => reject(signal.reason);
        signal.addEventListener('abort', stop, { once: true });
      });
    } finally {
      signal.removeEventListener('abort', stop);
      this.#wake = () => {};
    }
    if (this.#failure !== null) throw unposted(this.#failure);
  }
}

function unposted({ code, message, place, hint }: PostedError): AtlasError {
  return new AtlasError(code ?? 'ATLAS_INTERNAL', message, { place, ...(hint !== null && { hint }) });
}
