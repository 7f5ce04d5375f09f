import { dirname } from 'node:path';
import { AtlasError } from '../../errors.ts';
import type { Closing, Likeness, Staged } from '../../flow/sink.ts';
import { joinPath } from '../../store/path.ts';
import type { StoreOptions } from '../../store/store.ts';
import { assertDraft } from './draft-name.ts';
import { areOldFilesThere, leftOfOldFiles } from './old-files.ts';
import { likenessOf, type TargetPlace } from './target-place.ts';

/**
 * Files that are added to a folder that is there: each appears by one rename, the manifest after them all. What they replace is removed
 * after that, file by file: from the manifest on there is no way back, and nothing is ever missing.
 */
export class FolderAddition {
  readonly #place: TargetPlace;
  readonly #staged: Staged;
  readonly #closing: Closing;
  readonly #all: readonly Closing[];

  /** `addition`: that of `staged`. */
  constructor(place: TargetPlace, staged: Staged, addition: Closing) {
    assertDraft(place.target, staged.draft);
    this.#place = place;
    this.#staged = staged;
    this.#closing = addition;
    this.#all = [...staged.files, addition];
  }

  /**
   * Moves what is not there yet, in order, and goes on where a run before it stopped. Fails with ATLAS_TARGET_CONFLICT where
   * something else has one of its names, or what it replaces is not what it was.
   */
  async commit(options: StoreOptions): Promise<void> {
    const { store, target } = this.#place;
    if (!(await this.#isReplaceable(options))) {
      const message = `files were written to partitions of ${target} while their replacement was made; the draft is kept at ${this.#staged.draft}`;
      throw new AtlasError('ATLAS_TARGET_CONFLICT', message, { place: { file: target } });
    }
    for (const [index, file] of this.#all.entries()) {
      // readers of the manifest must find what it names, after a power cut too
      if (index === this.#all.length - 1) await this.#sync(this.#all.slice(0, -1), options);
      const to = joinPath(target, file.path);
      const there = await likenessOf(store, to, file, options);
      if (there === 'same') continue;
      if (there === 'other') {
        throw new AtlasError('ATLAS_TARGET_CONFLICT', `${to} is not what this run added, and has its name`, {
          place: { file: to },
        });
      }
      await store.makeFolders(dirname(to), options);
      await store.rename(joinPath(this.#staged.draft, file.path), to, options);
    }
    await this.secure(options);
    await this.#removeReplaced(options);
    await store.remove(this.#staged.draft, options);
  }

  /** Syncs every folder in which a file appeared; what replaced partitions hold stood in the same ones, what else is replaced may not. */
  async secure(options: StoreOptions): Promise<void> {
    const { replaces } = this.#staged;
    const old = replaces?.everything ? replaces.files : [];
    await this.#sync([...this.#all, ...old], options);
  }

  async compare(place: 'draft' | 'target' | 'either', options: StoreOptions): Promise<Likeness> {
    const { store, target } = this.#place;
    const { draft, post, replaces } = this.#staged;
    if (place === 'target') {
      const there = together(await this.#likenesses(target, options));
      if (there !== 'same' || replaces === undefined) return there;
      return (await leftOfOldFiles(this.#place, replaces, options)).length === 0 ? 'same' : 'other';
    }
    if (place === 'draft') {
      if ((await store.look(draft, options)).kind === 'absent') return 'absent';
      return together(await this.#likenesses(draft, options));
    }
    const found = await store.look(target, options);
    if (found.kind === 'absent') return 'absent';
    if (found.kind !== 'folder' || post.kind !== 'folder' || found.inode !== post.inode) return 'other';
    if (!(await this.#isReplaceable(options))) return 'other';
    const [here, there] = [await this.#likenesses(draft, options), await this.#likenesses(target, options)];
    const each = here.map((one, index) => (there[index] === 'absent' ? one : (there[index] ?? one)));
    return together(each) === 'same' ? 'same' : 'other';
  }

  /** Takes back what was added, and the draft; what has replaced something stays. */
  async erase(options: StoreOptions): Promise<void> {
    const { store, target } = this.#place;
    const stays = this.#staged.replaces !== undefined && (await this.#isClosed(options));
    for (const file of stays ? [] : this.#all.toReversed()) {
      const path = joinPath(target, file.path);
      if ((await likenessOf(store, path, file, options)) !== 'same') continue;
      await store.remove(path, options);
      await store.syncFolder(dirname(path), options);
      for (let folder = dirname(path); folder !== target; folder = dirname(folder)) {
        if (!(await store.removeEmpty(folder, options))) break;
        await store.syncFolder(dirname(folder), options);
      }
    }
    await store.remove(this.#staged.draft, options);
  }

  /** Whether nobody wrote what is to be replaced; once the manifest is there, newer files beside it are newer data. */
  async #isReplaceable(options: StoreOptions): Promise<boolean> {
    const { replaces, files } = this.#staged;
    if (replaces === undefined || (await this.#isClosed(options))) return true;
    return areOldFilesThere(this.#place, replaces, new Set(files.map(({ path }) => path)), options);
  }

  async #isClosed(options: StoreOptions): Promise<boolean> {
    const { store, target } = this.#place;
    return (await likenessOf(store, joinPath(target, this.#closing.path), this.#closing, options)) === 'same';
  }

  async #removeReplaced(options: StoreOptions): Promise<void> {
    const { replaces } = this.#staged;
    if (replaces === undefined) return;
    const left = await leftOfOldFiles(this.#place, replaces, options);
    for (const path of left) await this.#place.store.remove(path, options);
    if (left.length > 0) await this.secure(options);
  }

  async #likenesses(root: string, options: StoreOptions): Promise<readonly Likeness[]> {
    const found: Likeness[] = [];
    for (const file of this.#all)
      found.push(await likenessOf(this.#place.store, joinPath(root, file.path), file, options));
    return found;
  }

  async #sync(files: readonly { readonly path: string }[], options: StoreOptions): Promise<void> {
    const { target } = this.#place;
    const folders = new Set(files.map(({ path }) => dirname(joinPath(target, path))));
    await this.#place.secure(options, [...folders, target]);
  }
}

function together(likenesses: readonly Likeness[]): Likeness {
  const [first = 'absent', ...others] = likenesses;
  return others.every((each) => each === first) ? first : 'other';
}
