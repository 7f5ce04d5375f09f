import { PassThrough } from 'node:stream';
import type { Insert } from './clickhouse-server.ts';
import { Deferred } from './deferred.ts';

/** Bytes on their way here, besides those that the system holds. */
const HIGH_WATER = 1 << 20;

/** The request whose body is written. */
export interface Sending {
  /** Sends the body; answers once the server said that all of it is there. */
  send(body: PassThrough): Promise<void>;
  /** Breaks the connection off, and makes sure that the server has let go of what came. */
  drop(reason: unknown): Promise<void>;
}

/** An INSERT whose body is streamed in a request to a server. */
export class HttpInsert implements Insert {
  readonly #body = new PassThrough({ highWaterMark: HIGH_WATER });
  readonly #sending: Sending;
  readonly #answered: Promise<void>;
  /** What it failed with; a body that is answered before its end was not wanted. */
  readonly #failed: Promise<never>;
  /** Settled when there is room for more. */
  #room: Deferred<void> | null = null;
  #over = false;

  constructor(sending: Sending) {
    this.#sending = sending;
    this.#body.on('error', () => {}); // why it is not taken any more is told by the answer
    this.#body.on('drain', () => this.#room?.resolve());
    this.#answered = sending.send(this.#body);
    this.#failed = new Promise((_, reject) => {
      this.#answered.catch(reject);
    });
    this.#failed.catch(() => {});
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#body.destroyed) return await this.#failed;
    if (this.#body.write(bytes)) return;
    this.#room = new Deferred();
    await Promise.race([this.#room.promise, this.#failed]);
  }

  async end(): Promise<void> {
    this.#over = true;
    this.#body.end();
    await this.#answered;
  }

  async abort(reason: unknown): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    await this.#sending.drop(reason);
    this.#body.destroy();
    await this.#answered.catch(() => {});
  }
}
