import type { ByteFeed } from './byte-feed.ts';

/** The bytes of a sequence of chunks of any size. Aborting ends a wait for the next chunk at once. */
export class StreamFeed implements ByteFeed {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #signal: AbortSignal;
  readonly #close: () => void;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;

  /** `close` must make a pending `next` of `chunks` settle. */
  constructor(chunks: AsyncIterable<Uint8Array>, close: () => void, signal: AbortSignal) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#close = close;
    this.#signal = signal;
    signal.addEventListener('abort', close, { once: true });
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
      throw error;
    }
    this.#signal.throwIfAborted();
    if (answer.done) {
      this.#ended = true;
      return false;
    }
    this.#rest = answer.value;
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#signal.removeEventListener('abort', this.#close);
    this.#close();
  }
}
