import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { RejectBlock } from '../flow/reject-block.ts';
import { sidecarPath } from './replay-sidecar.ts';
import { numberedBytes, writeNumbered } from './write-numbered.ts';

/** Bytes gathered before they are written. */
const BLOCK = 1 << 18;

/**
 * The rejects of one dataset in one run, as JSON lines, mode 0600. Made at the first reject; kept whatever becomes of the
 * run, because it is what its reader needs. `sync` lays a sidecar beside it, without which nobody can replay it; one of an
 * earlier run in the same file is gone before its rejects are. Fails with ATLAS_STORE_*.
 */
export class RejectFile implements AsyncDisposable {
  readonly #path: string;
  readonly #sidecar: () => string;
  #handle: FileHandle | null = null;
  #pending = Buffer.alloc(0);
  #size = 0;

  constructor(path: string, sidecar: () => string) {
    this.#path = path;
    this.#sidecar = sidecar;
  }

  /** Where the file is; null while there was nothing to write. */
  get path(): string | null {
    return this.#handle === null && this.#size === 0 ? null : this.#path;
  }

  /** Adds the first `count` rejects of a block, of a task with so many lines of its file before it. */
  async add(block: RejectBlock, count: number, linesBefore: number): Promise<void> {
    const wanted = this.#size + numberedBytes(block, count);
    if (wanted > this.#pending.length) {
      const larger = Buffer.allocUnsafe(Math.max(wanted, 4 * BLOCK));
      this.#pending.copy(larger, 0, 0, this.#size);
      this.#pending = larger;
    }
    this.#size = writeNumbered(block, count, linesBefore, this.#pending, this.#size);
    if (this.#size >= BLOCK) await this.#flush();
  }

  /** Makes it durable: the file, its sidecar, and their names. */
  async sync(): Promise<void> {
    if (this.path === null) return;
    await this.#flush();
    await this.#writeSidecar();
    try {
      await this.#handle?.sync();
      await syncFolder(dirname(this.#path));
    } catch (error) {
      throw this.#problem('ATLAS_STORE_SYNC', error);
    }
  }

  /** Removes it, where nobody needs it: what is in it is in another file too. */
  async discard(): Promise<void> {
    this.#size = 0;
    if (this.#handle === null) return;
    await this.#handle.close().catch(() => {});
    this.#handle = null;
    await rm(this.#path, { force: true }).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const handle = this.#handle;
    if (this.#size > 0) await this.#flush().catch(() => {});
    await (handle ?? this.#handle)?.close().catch(() => {});
  }

  async #flush(): Promise<void> {
    try {
      if (!this.#handle) {
        await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
        await this.#removeSidecar();
        this.#handle = await open(this.#path, 'w', 0o600);
        await this.#handle.chmod(0o600);
      }
      const bytes = this.#pending.subarray(0, this.#size);
      this.#size = 0;
      await this.#handle.appendFile(bytes);
    } catch (error) {
      throw this.#problem(
        (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'ATLAS_STORE_SPACE' : 'ATLAS_STORE_WRITE',
        error,
      );
    }
  }

  async #removeSidecar(): Promise<void> {
    const path = sidecarPath(this.#path);
    if ((await stat(path).catch(() => null)) === null) return;
    await rm(path);
    await syncFolder(dirname(path));
  }

  async #writeSidecar(): Promise<void> {
    try {
      const handle = await open(sidecarPath(this.#path), 'w', 0o600);
      try {
        await handle.chmod(0o600);
        await handle.writeFile(this.#sidecar());
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw this.#problem(
        (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'ATLAS_STORE_SPACE' : 'ATLAS_STORE_WRITE',
        error,
      );
    }
  }

  #problem(code: 'ATLAS_STORE_SPACE' | 'ATLAS_STORE_WRITE' | 'ATLAS_STORE_SYNC', cause: unknown): AtlasError {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    return new AtlasError(code, `the reject file could not be written: ${why}`, {
      cause,
      place: { file: this.#path },
    });
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
