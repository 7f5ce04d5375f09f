import { basename, dirname } from 'node:path';
import { AtlasError } from '../../errors.ts';
import type { Identity, Likeness, Staged, StagedFile, TargetLock } from '../../flow/sink.ts';
import { joinPath } from '../../store/path.ts';
import type { Found, Store, StoreOptions } from '../../store/store.ts';
import { assertDraft, runOfDraft } from './draft-name.ts';

/** What one target's place in a store can do, whether a file or a folder is published there. */
export class TargetPlace implements AsyncDisposable {
  readonly store: Store;
  readonly target: string;
  readonly folder: string;
  readonly #made: string[] = [];

  /** `target` has no links left in it: see `Store.resolve`. */
  constructor(store: Store, target: string) {
    this.store = store;
    this.target = target;
    this.folder = dirname(target);
  }

  /** Locks the target, creating its folder where it is missing. */
  async lock(run: string, options: StoreOptions): Promise<TargetLock> {
    for (let attempt = 1; ; attempt++) {
      this.#made.push(...(await this.store.makeFolders(this.folder, options)));
      try {
        return await this.store.lock(this.folder, basename(this.target), run, options);
      } catch (error) {
        // Another run that failed may have removed the folder it had made, just now.
        const gone = (await this.store.look(this.folder, options)).kind === 'absent';
        if (!gone || attempt === 3) throw error;
      }
    }
  }

  find(options: StoreOptions): Promise<Found> {
    return this.store.look(this.target, options);
  }

  async look(options: StoreOptions): Promise<Identity> {
    return identityOf(await this.find(options), this.target);
  }

  async clean(keep: readonly string[], options: StoreOptions): Promise<readonly string[]> {
    const removed: string[] = [];
    for (const { name } of await this.store.list(this.folder, options)) {
      const path = joinPath(this.folder, name);
      if (runOfDraft(this.target, name) === null || keep.includes(path)) continue;
      await this.store.remove(path, options);
      removed.push(path);
    }
    return removed;
  }

  async commit(staged: Staged, options: StoreOptions): Promise<void> {
    assertDraft(this.target, staged.draft);
    await this.store.rename(staged.draft, this.target, options);
    await this.secure(options);
  }

  /**
   * Syncs the folder, or those given. After a sync that failed, a later one of the same process would mean nothing, and is never taken for
   * a success: the run fails, its intention stays open. The run that settles it has made a lock file in this folder since,
   * so that its entries are written anew.
   */
  async secure(options: StoreOptions, folders: readonly string[] = [this.folder]): Promise<void> {
    try {
      for (const folder of folders) await this.store.syncFolder(folder, options);
    } catch (error) {
      if (!(error instanceof AtlasError) || error.code !== 'ATLAS_STORE_SYNC') throw error;
      const { message, cause, place } = error;
      const hint = `Check the disk. ${this.target} may show the new data without it being durable; the next run looks and settles it.`;
      throw new AtlasError('ATLAS_STORE_SYNC', message, { cause, place, hint });
    }
  }

  async erase(staged: Staged, options: StoreOptions): Promise<void> {
    assertDraft(this.target, staged.draft);
    await this.store.remove(staged.draft, options);
  }

  /** Removes the folders that `lock` made, where nothing came to rest in them. */
  async [Symbol.asyncDispose](): Promise<void> {
    const through = { signal: new AbortController().signal };
    for (const folder of this.#made.splice(0).reverse()) {
      if (!(await this.store.removeEmpty(folder, through).catch(() => false))) return;
    }
  }
}

/** A look in the words of the law. Fails with ATLAS_TARGET_KIND where something stands there that is neither file nor folder. */
export function identityOf(found: Found, path: string): Identity {
  if (found.kind === 'absent') return { kind: 'absent' };
  const { device, inode, length, modified } = found;
  if (found.kind === 'file') return { kind: 'file', device, inode, length, modified };
  if (found.kind === 'folder') return { kind: 'folder', device, inode, modified };
  const what = found.kind === 'link' ? 'a symbolic link' : 'neither a file nor a folder';
  throw new AtlasError('ATLAS_TARGET_KIND', `${path} is ${what}`, { place: { file: path } });
}

/**
 * Holds one file against what was staged, content included: by the store's own checksum where it gave one of the same algorithm when the
 * file was staged, so that nothing is read; else by reading all of it.
 */
export async function likenessOf(
  store: Store,
  path: string,
  staged: Pick<StagedFile, 'bytes' | 'sha256' | 'proof'>,
  options: StoreOptions,
): Promise<Likeness> {
  const found = await store.look(path, options);
  if (found.kind === 'absent') return 'absent';
  if (found.kind !== 'file' || found.length !== staged.bytes) return 'other';
  const known = staged.proof?.checksum ?? null;
  const now = known === null ? null : await store.askChecksum(path, options);
  if (known !== null && known.algorithm === now?.algorithm) return known.value === now.value ? 'same' : 'other';
  return (await store.checksum(path, options)) === staged.sha256 ? 'same' : 'other';
}
