import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { Reject } from '../flow/reject.ts';

/** Bytes gathered before they are written. */
const BLOCK = 1 << 18;

/**
 * The rejects of one dataset in one run, as JSON lines, mode 0600. Made at the first reject; kept whatever becomes of the
 * run, because it is what its reader needs. Fails with ATLAS_STORE_*.
 */
export class RejectFile implements AsyncDisposable {
  readonly #path: string;
  #handle: FileHandle | null = null;
  #lines: string[] = [];
  #size = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Where the file is; null while there was nothing to write. */
  get path(): string | null {
    return this.#handle === null && this.#lines.length === 0 ? null : this.#path;
  }

  async add(reject: Reject): Promise<void> {
    const line = `${JSON.stringify(lineOf(reject))}\n`;
    this.#lines.push(line);
    this.#size += line.length;
    if (this.#size >= BLOCK) await this.#flush();
  }

  /** Makes it durable: the file and its name. */
  async sync(): Promise<void> {
    if (this.path === null) return;
    await this.#flush();
    try {
      await this.#handle?.sync();
      await syncFolder(dirname(this.#path));
    } catch (error) {
      throw this.#problem('ATLAS_STORE_SYNC', error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const handle = this.#handle;
    if (this.#lines.length > 0) await this.#flush().catch(() => {});
    await (handle ?? this.#handle)?.close().catch(() => {});
  }

  async #flush(): Promise<void> {
    try {
      if (!this.#handle) {
        await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
        this.#handle = await open(this.#path, 'w', 0o600);
        await this.#handle.chmod(0o600);
      }
      const text = this.#lines.join('');
      this.#lines = [];
      this.#size = 0;
      await this.#handle.appendFile(text);
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

function lineOf(reject: Reject): object {
  return {
    file: reject.file,
    line: reject.line,
    offset: reject.offset,
    length: reject.length,
    column: reject.column,
    code: reject.code,
    reason: reject.reason,
    raw: reject.raw,
    ...(reject.rawBase64 === null ? {} : { raw_base64: reject.rawBase64 }),
    ...(reject.truncated ? { truncated: true } : {}),
  };
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
