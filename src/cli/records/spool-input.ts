import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AtlasError } from '../../errors.ts';

/** A pipe that was written to a file, because it is read twice: for what its columns hold, then for its rows. */
export interface SpooledInput extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
}

/**
 * Writes a stream to a file of its own in the state folder, for this user alone; disposing removes it, and those of processes that are
 * gone are removed first. Fails with ATLAS_STORE_SPACE, ATLAS_STORE_WRITE, ATLAS_INPUT_UNREADABLE.
 */
export async function spoolInput(
  input: Readable,
  stateFolder: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<SpooledInput> {
  const folder = join(stateFolder, 'spool');
  const path = join(folder, `stdin-${process.pid}`);
  const spooled = { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeOld(folder);
    await pipeline(input, createWriteStream(path, { mode: 0o600 }), { signal });
    return spooled;
  } catch (cause) {
    await spooled[Symbol.asyncDispose]();
    signal.throwIfAborted();
    const { code = 'unknown', syscall } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new AtlasError('ATLAS_STORE_SPACE', `no room for standard input in ${folder}`, { cause });
    if (syscall === 'read')
      throw new AtlasError('ATLAS_INPUT_UNREADABLE', `standard input could not be read: ${code}`, { cause });
    throw new AtlasError('ATLAS_STORE_WRITE', `standard input could not be written to ${folder}: ${code}`, { cause });
  }
}

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/^stdin-(\d+)$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && pid !== process.pid && !isAlive(pid)) await rm(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
