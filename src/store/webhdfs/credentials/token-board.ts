const STATE = 0;
const LENGTH = 1;
/** Bytes of the words before the text. */
const HEAD = 8;

/**
 * The delegation token of a connection, where all threads of the process see it: the thread that signs in writes, the others read. A
 * token that had to be replaced is thereby replaced for all, without a message that a busy thread would read too late.
 */
export class TokenBoard {
  /** Survives `postMessage`, as the same memory. */
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(HEAD + 16 * 1024)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, 2);
    this.#bytes = new Uint8Array(memory, HEAD);
  }

  /** One thread only. */
  write(token: string): void {
    const bytes = Buffer.from(token, 'utf8');
    if (bytes.length > this.#bytes.length) throw new RangeError(`a token of ${bytes.length} bytes`);
    Atomics.add(this.#words, STATE, 1); // odd: being written
    this.#bytes.set(bytes);
    Atomics.store(this.#words, LENGTH, bytes.length);
    Atomics.add(this.#words, STATE, 1);
  }

  /** Null as long as there is none. */
  read(): string | null {
    for (;;) {
      const before = Atomics.load(this.#words, STATE);
      if (before === 0) return null;
      if (before % 2 !== 0) continue;
      const text = Buffer.from(this.#bytes.slice(0, Atomics.load(this.#words, LENGTH))).toString('utf8');
      if (Atomics.load(this.#words, STATE) === before) return text;
    }
  }
}
