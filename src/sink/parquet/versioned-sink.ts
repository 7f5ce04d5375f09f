import { basename } from 'node:path';
import { AtlasError } from '../../errors.ts';
import type { Draft, Held, Identity, Likeness, Published, Sink, Staged, TargetLock } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { joinPath } from '../../store/path.ts';
import { draftPath, runOfDraft } from './draft-name.ts';
import type { NewLayout } from './file-layout.ts';
import { countThere, rowsBelow } from './files-below.ts';
import { FolderDraft } from './folder-draft.ts';
import { MANIFEST, POINTER } from './manifest.ts';
import { otherLayout } from './other-layout.ts';
import { PartFiles, type PartLimits } from './part-files.ts';
import { identityOf, type TargetPlace } from './target-place.ts';
import { DRAFTED, VersionDraft } from './version-draft.ts';
import { readPointer, VERSIONS, versionPath, versionsKept } from './version-pointer.ts';
import { VersionStep } from './version-step.ts';

/** What a versioned sink needs to know of its plan. */
export interface VersionedPlan {
  readonly planHash: string;
  readonly partitioned: boolean;
  readonly limits: PartLimits;
  /** Versions to keep, the current one included. */
  readonly keep: number;
}

/**
 * A folder that holds versions (`_versions/<run>/`) and a pointer to the current one (`_atlas/current.json`): publishing replaces the
 * pointer by one rename, and it is the pointer whose identity the law looks at.
 */
export class VersionedSink implements Sink {
  readonly #place: TargetPlace;
  readonly #newLayout: NewLayout;
  readonly #plan: VersionedPlan;

  constructor(place: TargetPlace, newLayout: NewLayout, plan: VersionedPlan) {
    this.#place = place;
    this.#newLayout = newLayout;
    this.#plan = plan;
  }

  get target(): string {
    return this.#place.target;
  }

  lock(runId: string, options: Abortable): Promise<TargetLock> {
    return this.#place.lock(runId, options);
  }

  /** The identity of the pointer. */
  async look(options: Abortable): Promise<Identity> {
    const { kind } = await this.#place.look(options);
    if (kind === 'absent') return { kind };
    if (kind === 'file') {
      throw new AtlasError('ATLAS_TARGET_KIND', `${this.target} is a file, the plan publishes a folder of versions`, {
        place: { file: this.target },
      });
    }
    const path = joinPath(this.target, POINTER);
    return identityOf(await this.#place.store.look(path, options), path);
  }

  async check(options: Abortable): Promise<void> {
    const { store } = this.#place;
    if ((await this.look(options)).kind !== 'absent') {
      await readPointer(store, this.target, options);
      return;
    }
    if ((await this.#place.look(options)).kind === 'absent') return;
    const names = (await store.list(this.target, options)).map(({ name }) => name);
    const others = names.filter((name) => name !== VERSIONS && name !== '_atlas');
    const isPlain = others.length > 0 || (await this.#hasManifest(options));
    if (!isPlain) return;
    const message = `${this.target} holds ${others.length} ${others.length === 1 ? 'entry' : 'entries'} and no versions: what is there would stay beside them`;
    throw new AtlasError('ATLAS_TARGET_NOT_EMPTY', message, {
      place: { file: this.target },
      hint: 'Publish into a new folder, or move what is there away.',
    });
  }

  async clean(keep: readonly string[], options: Abortable): Promise<readonly string[]> {
    const { store } = this.#place;
    const removed = [...(await this.#place.clean(keep, options))];
    const pointer = await readPointer(store, this.target, options);
    const kept = versionsKept(pointer);
    // a dead run's version may have moved to its place; no pointer led there
    const dead = removed.flatMap((path) => runOfDraft(this.target, basename(path)) ?? []);
    for (const run of new Set([...dead, ...(pointer?.retired ?? [])])) {
      const path = joinPath(this.target, versionPath(run));
      if (kept.has(run) || (await store.look(path, options)).kind !== 'folder') continue;
      await store.remove(path, options);
      removed.push(path);
    }
    return removed;
  }

  async draft(runId: string, options: Abortable): Promise<Draft> {
    const { store } = this.#place;
    const before = await this.#place.find(options);
    const path = draftPath(this.target, runId);
    const folder = joinPath(path, DRAFTED.version);
    await store.makeFolder(path, options);
    await store.makeFolder(folder, options);
    const { limits, planHash, partitioned, keep } = this.#plan;
    const version = new FolderDraft(this.#place, folder, new PartFiles(store, folder, this.#newLayout, limits), {
      planHash,
      partitioned,
      // who may not read the folder may not read a version of it either
      mode: before.kind === 'folder' ? before.mode : null,
      manifest: MANIFEST,
      folder: null,
      mustBeNew: false,
      replacesAll: false,
      replacesBut: null,
    });
    return new VersionDraft(this.#place, path, version, {
      run: runId,
      planHash,
      keep,
      fresh: before.kind === 'absent',
    });
  }

  compare(staged: Staged, place: 'draft' | 'target' | 'either', options: Abortable): Promise<Likeness> {
    return this.#step(staged).compare(place, options);
  }

  commit(staged: Staged, options: Abortable): Promise<void> {
    return this.#step(staged).commit(options);
  }

  secure(staged: Staged, options: Abortable): Promise<void> {
    return this.#step(staged).secure(options);
  }

  erase(staged: Staged, options: Abortable): Promise<void> {
    return this.#step(staged).erase(options);
  }

  async holds({ files }: Published, options: Abortable): Promise<Held> {
    const there = await countThere(this.#place, files, options);
    return there === files.length ? 'all' : there === 0 ? 'none' : 'some';
  }

  /** A version has columns of its own. */
  async checkColumns(): Promise<void> {}

  async isEmpty(options: Abortable): Promise<boolean> {
    return (await this.look(options)).kind === 'absent';
  }

  recount(staged: Staged, options: Abortable): Promise<number> {
    return rowsBelow(this.#place, staged.files, options);
  }

  async #hasManifest(options: Abortable): Promise<boolean> {
    return (await this.#place.store.look(joinPath(this.target, MANIFEST), options)).kind !== 'absent';
  }

  #step(staged: Staged): VersionStep {
    if (staged.version) return new VersionStep(this.#place, staged, staged.version);
    throw otherLayout(this.target, 'plain');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#place[Symbol.asyncDispose]();
  }
}
