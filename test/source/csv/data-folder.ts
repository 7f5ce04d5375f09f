import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder for input files, gone when it is disposed. */
export class DataFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'atlas-csv-'));

  /** Writes a file and answers its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Writes a file unless it is there. */
  keep(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    return existsSync(path) ? path : this.write(name, content);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
