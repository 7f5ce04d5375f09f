import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** Bytes that are read in one go, at most. */
const READ_BYTES = 256 << 10;

/**
 * A socket that reads into one buffer again and again: a fresh one for each read, as sockets make them by default, is a quarter of the work
 * of taking rows. `data` events therefore carry copies, unless whoever listens has said that it keeps nothing (`lend`).
 */
export class ReadingSocket extends Socket {
  /** Whether the bytes of `data` events are those of the buffer, valid until the listener returns. */
  lend = false;

  constructor() {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const onread: OnReadOpts = {
      buffer,
      callback: (count) => {
        const bytes = buffer.subarray(0, count);
        this.emit('data', this.lend ? bytes : Buffer.from(bytes));
        return true;
      },
    };
    // the constructor takes it as `net.connect` does, though its type does not say so
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = { onread };
    super(options);
  }
}
