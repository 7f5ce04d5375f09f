import type { Duplex } from 'node:stream';
import { ReadingSocket } from '../connection/reading-socket.ts';

type Listener = (bytes: Buffer) => void;

/** Takes the bytes of a socket away from the client library, for a while. Bytes are valid until `taken` returns. */
export class SocketTap {
  readonly #stream: Duplex;
  readonly #library: readonly Listener[];
  readonly #taken: Listener;

  constructor(stream: Duplex, taken: Listener) {
    this.#stream = stream;
    this.#taken = taken;
    this.#library = stream.listeners('data') as Listener[];
    stream.on('data', taken);
    for (const listener of this.#library) stream.off('data', listener);
    if (stream instanceof ReadingSocket) stream.lend = true;
  }

  /** Lets the library hear bytes after all. */
  pass(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const listener of this.#library) listener.call(this.#stream, buffer);
  }

  /** Gives the socket back. */
  close(): void {
    if (this.#stream instanceof ReadingSocket) this.#stream.lend = false;
    for (const listener of this.#library) this.#stream.on('data', listener);
    this.#stream.off('data', this.#taken);
    this.#stream.resume();
  }
}
