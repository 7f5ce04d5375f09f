import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { AtlasError } from '../../../errors.ts';
import type { Insert } from './clickhouse-server.ts';

/** The statement that reads the body. */
export interface Reading {
  /** Settles when the statement has; rejects with what it failed with. */
  readonly settled: Promise<void>;
  /** The body is whole. */
  end(): void;
  /** The body is not to be used; answers once the statement has settled, or was ended by force. */
  stop(): Promise<void>;
  /** Milliseconds without a byte taken, at most. */
  readonly idle: number;
  /** For messages. */
  readonly doing: string;
}

/** An INSERT whose body goes to the embedded engine through a FIFO that it has open. */
export class FifoInsert implements Insert {
  readonly #reading: Reading;
  readonly #pipe: Socket;
  readonly #closed: Promise<void>;
  #over = false;
  /** What the statement failed with, where it has. */
  readonly #failed: Promise<never>;

  constructor(path: string, reading: Reading) {
    this.#reading = reading;
    this.#pipe = new Socket({
      fd: openSync(path, constants.O_WRONLY | constants.O_NONBLOCK),
      readable: false,
      writable: true,
    });
    this.#pipe.on('error', () => {}); // nobody reads any more: the statement says why
    this.#closed = new Promise((resolve) => void this.#pipe.once('close', () => resolve()));
    this.#failed = new Promise((_, reject) => {
      reading.settled.then(
        () => reject(new AtlasError('ATLAS_CH_LOST', `${reading.doing}: it was answered before its rows were sent`)),
        reject,
      );
    });
    this.#failed.catch(() => {});
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { idle, doing } = this.#reading;
    let timer: NodeJS.Timeout | undefined;
    const stuck = new Promise<never>((_, reject) => {
      let taken = this.#pipe.bytesWritten - this.#pipe.writableLength;
      timer = setInterval(() => {
        const now = this.#pipe.bytesWritten - this.#pipe.writableLength;
        if (now === taken) reject(new AtlasError('ATLAS_CH_LOST', `${doing}: no byte was taken in ${idle} ms`));
        taken = now;
      }, idle);
    });
    const written = new Promise<void>((resolve) => {
      this.#pipe.write(bytes, (error) => {
        if (!error) resolve();
      });
    });
    try {
      await Promise.race([written, this.#failed, stuck]);
    } finally {
      clearInterval(timer);
    }
  }

  async end(): Promise<void> {
    this.#over = true;
    this.#pipe.end(() => this.#pipe.destroy());
    // the writer closes it first: whoever has it then is told that nobody writes any more
    await Promise.race([this.#closed, this.#failed]).catch((error: unknown) => {
      this.#pipe.destroy();
      throw error;
    });
    this.#reading.end();
    await this.#reading.settled;
  }

  async abort(_reason: unknown): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#pipe.destroy();
    await this.#closed;
    await this.#reading.stop();
  }
}
