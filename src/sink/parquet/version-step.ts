import { AtlasError } from '../../errors.ts';
import type { Likeness, Staged, StagedVersion } from '../../flow/sink.ts';
import { joinPath } from '../../store/path.ts';
import type { StoreOptions } from '../../store/store.ts';
import { assertDraft } from './draft-name.ts';
import { POINTER } from './manifest.ts';
import { likenessOf, type TargetPlace } from './target-place.ts';
import { DRAFTED } from './version-draft.ts';
import { readPointer, VERSIONS, versionsKept } from './version-pointer.ts';

/** The publication of one version: it moves to its place, where no pointer leads yet, then its pointer replaces the one before. */
export class VersionStep {
  readonly #place: TargetPlace;
  readonly #staged: Staged;
  readonly #version: StagedVersion;

  /** `version`: that of `staged`. */
  constructor(place: TargetPlace, staged: Staged, version: StagedVersion) {
    assertDraft(place.target, staged.draft);
    this.#place = place;
    this.#staged = staged;
    this.#version = version;
  }

  /** Fails with ATLAS_TARGET_CONFLICT where something else stands at the version's place. */
  async commit(options: StoreOptions): Promise<void> {
    const { store, target } = this.#place;
    const { draft } = this.#staged;
    const to = joinPath(target, this.#version.path);
    if (!(await this.#isInPlace(options))) {
      if ((await store.look(to, options)).kind !== 'absent') {
        throw new AtlasError('ATLAS_TARGET_CONFLICT', `${to} is not the version that this run made, and has its name`, {
          place: { file: to },
        });
      }
      await store.makeFolders(joinPath(target, VERSIONS), options);
      await store.rename(joinPath(draft, DRAFTED.version), to, options);
    }
    await this.#place.secure(options, [joinPath(target, VERSIONS), target]);
    await store.makeFolders(joinPath(target, '_atlas'), options);
    await store.rename(joinPath(draft, DRAFTED.pointer), joinPath(target, POINTER), options);
    await this.secure(options);
    await store.remove(draft, options);
  }

  secure(options: StoreOptions): Promise<void> {
    const { target, folder } = this.#place;
    return this.#place.secure(options, [joinPath(target, VERSIONS), joinPath(target, '_atlas'), target, folder]);
  }

  /** The pointer where it is asked for, and the version where it is by now. */
  async compare(place: 'draft' | 'target' | 'either', options: StoreOptions): Promise<Likeness> {
    const { store, target } = this.#place;
    const { draft, post } = this.#staged;
    if (place === 'either') {
      const there = await this.compare('target', options);
      return there === 'same' ? there : this.compare('draft', options);
    }
    const path = place === 'target' ? joinPath(target, POINTER) : joinPath(draft, DRAFTED.pointer);
    const pointer = await likenessOf(store, path, this.#version.pointer, options);
    if (pointer !== 'same') return pointer;
    if (place === 'draft') {
      const found = await store.look(path, options);
      if (found.kind !== 'file' || post.kind !== 'file' || found.inode !== post.inode) return 'other';
    }
    const isInPlace = await this.#isInPlace(options);
    if (place === 'target' && !isInPlace) return 'other';
    const root = isInPlace ? joinPath(target, this.#version.path) : joinPath(draft, DRAFTED.version);
    for (const file of this.#staged.files) {
      const one = joinPath(root, file.path.slice(this.#version.path.length + 1));
      if ((await likenessOf(store, one, file, options)) !== 'same') return 'other';
    }
    return 'same';
  }

  /** Takes back a version that no pointer leads to, and the draft. */
  async erase(options: StoreOptions): Promise<void> {
    const { store, target } = this.#place;
    const { path, fresh } = this.#version;
    const kept = versionsKept(await readPointer(store, target, options));
    if (!kept.has(path.slice(VERSIONS.length + 1)) && (await this.#isInPlace(options))) {
      await store.remove(joinPath(target, path), options);
    }
    await store.remove(this.#staged.draft, options);
    for (const name of [VERSIONS, '_atlas']) await store.removeEmpty(joinPath(target, name), options);
    if (fresh) await store.removeEmpty(target, options);
  }

  async #isInPlace(options: StoreOptions): Promise<boolean> {
    const { path, identity } = this.#version;
    const found = await this.#place.store.look(joinPath(this.#place.target, path), options);
    return found.kind === 'folder' && identity.kind === 'folder' && found.inode === identity.inode;
  }
}
