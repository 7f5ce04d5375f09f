import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Made at once: a new process for each would cost more than the rows it brings. */
const AT_ONCE = 16;
const PROGRAM = 'mkfifo';

/** FIFOs in a folder that only this user may enter. */
export class FifoShelf implements Disposable {
  readonly #folder: string;
  readonly #free: string[] = [];
  #batches = 0;

  /** `folder` is emptied; where it cannot hold FIFOs, the system's folder for temporary files does. Fails where that cannot either. */
  constructor(folder: string) {
    try {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { mode: 0o700 });
      this.#folder = folder;
      execFileSync(PROGRAM, argumentsFor(this.#names(0)), { stdio: 'ignore' });
    } catch {
      this.#folder = mkdtempSync(join(tmpdir(), 'atlas-ingest-'));
      execFileSync(PROGRAM, argumentsFor(this.#names(0)), { stdio: 'ignore' });
    }
    this.#free.push(...this.#names(0));
  }

  /** The path of one that nobody has open. */
  async take(): Promise<string> {
    for (;;) {
      const found = this.#free.pop();
      if (found !== undefined) return found;
      this.#batches += 1;
      const names = this.#names(this.#batches);
      await promisify(execFile)(PROGRAM, argumentsFor(names));
      this.#free.push(...names);
    }
  }

  /** Gives back one that everybody has closed. */
  give(path: string): void {
    this.#free.push(path);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #names(batch: number): readonly string[] {
    return Array.from({ length: AT_ONCE }, (_, index) => join(this.#folder, `${batch * AT_ONCE + index}`));
  }
}

function argumentsFor(paths: readonly string[]): string[] {
  return ['-m', '600', ...paths];
}
