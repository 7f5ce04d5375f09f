import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { AtlasError } from '../errors.ts';
import type { Input } from './input.ts';

/** What must not change while a file is read: device, inode, size in bytes, time of last change in nanoseconds. */
function identityOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}

/** A regular file on a local disk. */
export class InputFile implements Input, Disposable {
  readonly path: string;
  readonly bytes: number;
  readonly identity: string;
  /** Device and inode alone. */
  readonly inode: string;
  #descriptor: number;

  private constructor(path: string, descriptor: number, stats: BigIntStats) {
    this.path = path;
    this.bytes = Number(stats.size);
    this.identity = identityOf(stats);
    this.inode = `${stats.dev}:${stats.ino}`;
    this.#descriptor = descriptor;
  }

  /**
   * Opens a regular file; anything else is refused without waiting for it. Where `identity` is given the file must have it.
   * Fails with ATLAS_INPUT_NOT_FOUND, ATLAS_INPUT_UNREADABLE, ATLAS_INPUT_CHANGED.
   */
  static open(path: string, identity: string | null = null): InputFile {
    let descriptor = -1;
    try {
      refuseOther(path, statSync(path, { bigint: true }));
      descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const stats = fstatSync(descriptor, { bigint: true });
      refuseOther(path, stats);
      if (identity !== null) confirmIdentity(path, identity, identityOf(stats));
      return new InputFile(path, descriptor, stats);
    } catch (error) {
      if (descriptor >= 0) closeSync(descriptor);
      throw explain(path, error, identity !== null);
    }
  }

  /** Reads up to `target.length` bytes at `position`; fewer only at the end of the file. Fails with ATLAS_INPUT_UNREADABLE. */
  read(target: Uint8Array, position: number): number {
    let filled = 0;
    try {
      while (filled < target.length) {
        const count = readSync(this.#descriptor, target, filled, target.length - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
    } catch (error) {
      throw explain(this.path, error, false);
    }
    return filled;
  }

  readsTo(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    if (this.#descriptor < 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}

/** Fails with ATLAS_INPUT_CHANGED unless the file at `path` still is the one that was surveyed. */
export function confirmInput(path: string, identity: string): void {
  try {
    confirmIdentity(path, identity, identityOf(statSync(path, { bigint: true })));
  } catch (error) {
    throw explain(path, error, true);
  }
}

function confirmIdentity(path: string, expected: string, found: string): void {
  if (expected === found) return;
  throw new AtlasError(
    'ATLAS_INPUT_CHANGED',
    `${path} was device:inode:size:mtime ${expected} when the run began, and is ${found} now`,
    { place: { file: path } },
  );
}

function refuseOther(path: string, stats: BigIntStats): void {
  if (stats.isFile()) return;
  const kind = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a named pipe'
      : stats.isSocket()
        ? 'a socket'
        : 'a device';
  throw new AtlasError('ATLAS_INPUT_UNREADABLE', `${path} is ${kind}, a regular file is needed`, {
    place: { file: path },
    ...(stats.isFIFO() ? { hint: 'Set the path to - and redirect the pipe to standard input.' } : {}),
    ...(stats.isDirectory() ? { hint: `Name the files in it by a pattern: ${path}/*.` } : {}),
  });
}

function explain(path: string, error: unknown, surveyed: boolean): unknown {
  if (error instanceof AtlasError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const options = { cause: error, place: { file: path } };
  if (code === 'ENOENT' && surveyed) {
    return new AtlasError('ATLAS_INPUT_CHANGED', `${path} was there when the run began, and is gone now`, options);
  }
  if (code === 'ENOENT') return new AtlasError('ATLAS_INPUT_NOT_FOUND', `there is no file ${path}`, options);
  return new AtlasError('ATLAS_INPUT_UNREADABLE', `${path} could not be read: ${code}`, options);
}
