import { execFile } from 'node:child_process';
import { constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A zstd frame whose blocks are stored as they are, of at most this many bytes: its window. */
const BLOCK = 131_072;
const FRAME = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
const LAST = Buffer.from([1, 0, 0]);
/** A block of a kind that does not exist: the reader fails, whatever came before. */
const BROKEN = Buffer.from([6, 0, 0, 0, 0, 0, 0, 0]);

/**
 * A FIFO that the engine reads a body from. The bytes are framed as zstd, so that a body which breaks off can be told from one that
 * ended: a plain FIFO would just end.
 */
export class FedPipe implements Disposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(path: string): Promise<FedPipe> {
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    return new FedPipe(path);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { force: true });
  }

  /** Writes what comes, until it ends, or `read` (what the engine makes of it) has settled. Where `parts` fail, the reader fails too. */
  async feed(parts: AsyncIterable<Buffer>, read: Promise<unknown>): Promise<void> {
    let over = false;
    const settled = read.then(
      () => {},
      () => {},
    );
    void settled.then(() => {
      over = true;
    });
    const file = await this.#opened(() => over);
    if (file === null) return;
    const socket = new Socket({ fd: file, readable: false, writable: true });
    const gone = new Promise<void>((resolve) => {
      socket.once('close', resolve);
      socket.on('error', () => resolve());
    });
    const write = async (bytes: Buffer): Promise<void> => {
      if (socket.write(bytes)) return;
      const drained = new Promise<void>((resolve) => void socket.once('drain', resolve));
      await Promise.race([drained, gone, settled]);
    };
    try {
      await write(FRAME);
      for await (const part of parts) {
        for (let at = 0; at < part.length && !over && !socket.destroyed; at += BLOCK) await write(block(part, at));
        if (over || socket.destroyed) break;
      }
      socket.end(LAST);
    } catch {
      socket.end(BROKEN);
    }
    await Promise.race([gone, settled]);
    if (over) socket.destroy();
  }

  /** Opened for writing, which needs a reader; `null` where none came. */
  async #opened(over: () => boolean): Promise<number | null> {
    while (!over()) {
      try {
        return openSync(this.path, constants.O_WRONLY | constants.O_NONBLOCK);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
        await sleep(1);
      }
    }
    return null;
  }
}

function block(part: Buffer, at: number): Buffer {
  const bytes = part.subarray(at, at + BLOCK);
  const framed = Buffer.allocUnsafe(bytes.length + 3);
  framed.writeUIntLE(bytes.length << 3, 0, 3);
  bytes.copy(framed, 3);
  return framed;
}
