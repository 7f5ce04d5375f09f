import type { Dirent, readdir } from 'node:fs';
import { glob, isDynamicPattern } from 'tinyglobby';
import { AtlasError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { hiddenParts } from './hidden-parts.ts';
import type { InputAccess } from './input.ts';
import { nearestFolder } from './nearest-folder.ts';
import { storeOf } from './store-of.ts';

/** Folders that are listed at the same time. */
const AT_ONCE = 8;

/**
 * The names in a store that a source path stands for, by the rules of local globs; only folders that the pattern may lead into are
 * listed. Fails with ATLAS_INPUT_NOT_FOUND, and with ATLAS_INPUT_UNREADABLE or ATLAS_HDFS_* where a folder cannot be listed: what
 * stands in it is not left out.
 */
export async function listStoredInputs(path: string, access: InputAccess): Promise<readonly string[]> {
  const authority = /^[^:]+:\/\/[^/]*/.exec(path)?.[0] ?? '';
  const pattern = path.slice(authority.length);
  if (!isDynamicPattern(pattern)) return [path];
  const store = await storeOf(path, access);
  if ((await store.look(path, access)).kind !== 'absent') return [path];
  const lister = new FolderLister(store, authority, access);
  const found = await glob(pattern, {
    cwd: '/',
    absolute: true,
    dot: false,
    expandDirectories: false,
    fs: { readdir: lister.readdir },
    signal: access.signal,
  });
  access.signal.throwIfAborted();
  if (lister.failure !== null) throw lister.failure;
  const kept = found.filter((each) => hiddenParts(each) <= hiddenParts(pattern));
  if (kept.length > 0) return kept.map((each) => authority + each);
  const folder = await nearestFolder(path, access);
  throw new AtlasError('ATLAS_INPUT_NOT_FOUND', `no file matches ${path}; the nearest folder there is: ${folder}`, {
    place: { file: path },
  });
}

type Listed = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

/** Lists folders of a store to whoever takes it for a local disk, a few at a time, and remembers what went wrong first. */
class FolderLister {
  failure: unknown = null;
  readonly readdir: typeof readdir;
  readonly #store: Store;
  readonly #authority: string;
  readonly #access: InputAccess;
  readonly #waiting: (() => void)[] = [];
  #free = AT_ONCE;

  constructor(store: Store, authority: string, access: InputAccess) {
    this.#store = store;
    this.#authority = authority;
    this.#access = access;
    this.readdir = ((folder: string, _: unknown, done: Listed) => {
      this.#list(folder).then(
        (entries) => done(null, entries),
        (error: unknown) => {
          this.failure ??= error;
          done(error as Error, []);
        },
      );
    }) as unknown as typeof readdir;
  }

  async #list(folder: string): Promise<Dirent[]> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      if (this.failure !== null) return [];
      const listed = await this.#names(this.#authority + folder.replace(/\/+$/, ''));
      // A file lists itself, without a name.
      return listed.filter(({ name }) => name !== '').map(({ name, kind }) => entryOf(name, kind === 'folder'));
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  async #names(folder: string): ReturnType<Store['list']> {
    try {
      return await this.#store.list(folder, this.#access);
    } catch (error) {
      this.#access.signal.throwIfAborted();
      if (!(error instanceof AtlasError) || error.code !== 'ATLAS_STORE_WRITE') throw error;
      if ((await this.#store.look(folder, this.#access)).kind === 'absent') return [];
      const message = `the folder ${folder} could not be listed: ${error.message}`;
      throw new AtlasError('ATLAS_INPUT_UNREADABLE', message, { cause: error, place: { file: folder } });
    }
  }
}

/** What is no folder passes for a file, so that opening it says what it is. */
function entryOf(name: string, isFolder: boolean): Dirent {
  const entry = { name, isFile: () => !isFolder, isDirectory: () => isFolder, isSymbolicLink: () => false };
  return entry as unknown as Dirent;
}
