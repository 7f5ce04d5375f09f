import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { foundOf } from './found-of.ts';
import { LocalFile } from './local-file.ts';
import { acquireLock } from './local-lock.ts';
import { LocalReader } from './local-reader.ts';
import { resolveLinks } from './resolve-links.ts';
import type { Found, Store, StoreOptions } from './store.ts';
import { errnoOf, storeStep } from './store-error.ts';

/** Local disk as a store; see `Store`. */
export const localStore: Store = {
  kind: 'local',
  // Suspending means syncing, and Node lifts the process's limit of descriptors to the hard one.
  maxOpenFiles: 512,
  look,
  resolve: (path, options) => storeStep('follow the links of', path, options, () => resolveLinks(path)),
  create: LocalFile.create,
  open: LocalReader.open,
  hasWriter: async () => false,
  checksum,
  askChecksum: async () => null,
  list: (folder, options) =>
    storeStep('list', folder, options, async () => {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
    }),
  makeFolder: (path, options) => storeStep('create the folder', path, options, () => mkdir(path)),
  makeFolders,
  rename: (from, to, options) => storeStep(`rename ${from} to`, to, options, () => rename(from, to)),
  syncFolder,
  setMode: (path, mode, options) => storeStep('set the mode of', path, options, () => chmod(path, mode)),
  remove: (path, options) =>
    storeStep('remove', path, options, () => rm(path, { recursive: true, force: true, maxRetries: 2 })),
  removeEmpty,
  lock: acquireLock,
};

function look(path: string, options: StoreOptions): Promise<Found> {
  return storeStep('look at', path, options, async () => {
    try {
      return foundOf(await lstat(path, { bigint: true }));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return { kind: 'absent' };
      throw error;
    }
  });
}

function checksum(path: string, options: StoreOptions): Promise<string> {
  return storeStep('read', path, options, async () => {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, options);
    return hash.digest('hex');
  });
}

async function makeFolders(path: string, options: StoreOptions): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let at = path; (await look(at, options)).kind === 'absent' && dirname(at) !== at; at = dirname(at)) {
    missing.unshift(at);
  }
  const made: string[] = [];
  for (const folder of missing) {
    const isNew = await storeStep('create the folder', folder, options, () => makeNew(folder));
    if (!isNew) continue;
    made.push(folder);
    await syncFolder(dirname(folder), options);
  }
  return made;
}

/** Answers false where somebody else was faster. */
async function makeNew(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function syncFolder(path: string, options: StoreOptions): Promise<void> {
  return storeStep('sync', path, options, async () => {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

function removeEmpty(path: string, options: StoreOptions): Promise<boolean> {
  return storeStep('remove', path, options, async () => {
    try {
      await rmdir(path);
      return true;
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'ENOTEMPTY' || errno === 'EEXIST' || errno === 'ENOENT') return false;
      throw error;
    }
  });
}

function kindOf(entry: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): 'file' | 'folder' | 'link' | 'other' {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}
