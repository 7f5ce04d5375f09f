import type { Readable } from 'node:stream';
import type { ByteFeed } from './byte-feed.ts';

/**
 * The bytes of a Node stream, whatever the size of its chunks. Aborting ends a wait for the next chunk at once.
 * `explain` turns what the stream fails with into what `fill` fails with.
 */
export class StreamFeed implements ByteFeed {
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #signal: AbortSignal;
  readonly #explain: (error: unknown) => unknown;
  #rest: Uint8Array = new Uint8Array(0);
  #taken = 0;
  #ended = false;
  readonly #close = (): void => {
    this.#stream.destroy();
  };

  constructor(stream: Readable, signal: AbortSignal, explain: (error: unknown) => unknown) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#signal = signal;
    this.#explain = explain;
    signal.addEventListener('abort', this.#close, { once: true });
  }

  get taken(): number {
    return this.#taken;
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#rest.length === 0 && !(await this.#pull())) break;
      const part = this.#rest.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return filled;
  }

  async #pull(): Promise<boolean> {
    if (this.#ended) return false;
    this.#signal.throwIfAborted();
    let answer: IteratorResult<Uint8Array>;
    try {
      answer = await this.#chunks.next();
    } catch (error) {
      this.#signal.throwIfAborted();
      throw this.#explain(error);
    }
    this.#signal.throwIfAborted();
    this.#ended = answer.done === true;
    if (answer.done) return false;
    this.#rest = answer.value;
    this.#taken += answer.value.length;
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#signal.removeEventListener('abort', this.#close);
    this.#close();
  }
}
