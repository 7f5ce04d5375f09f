import { AtlasError } from '../../errors.ts';
import type { Draft, Identity, Likeness, Sink, Staged, TargetLock } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { joinPath } from '../../store/path.ts';
import { countRows } from './count-rows.ts';
import { draftPath } from './draft-name.ts';
import type { NewLayout } from './file-layout.ts';
import { FolderAddition } from './folder-addition.ts';
import { FolderDraft } from './folder-draft.ts';
import { PartFiles, type PartLimits } from './part-files.ts';
import { checkPublished, type PublishedSet } from './published-set.ts';
import { identityOf, likenessOf, type TargetPlace } from './target-place.ts';

/** What a folder sink needs to know of its plan. */
export interface FolderPlan {
  readonly planHash: string;
  readonly partitioned: boolean;
  /** An existing empty folder is replaced, rather than refused. */
  readonly replaces: boolean;
  readonly limits: PartLimits;
  /** Files are added to a folder that holds exactly these sets, from the first run on; null = a new folder. */
  readonly onto: readonly PublishedSet[] | null;
}

/** A new folder of Parquet files: staged as a hidden folder beside it, it appears by one rename. With `onto` files are added. */
export class FolderSink implements Sink {
  readonly #place: TargetPlace;
  readonly #newLayout: NewLayout;
  readonly #plan: FolderPlan;

  constructor(place: TargetPlace, newLayout: NewLayout, plan: FolderPlan) {
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

  look(options: Abortable): Promise<Identity> {
    return this.#place.look(options);
  }

  async check(options: Abortable): Promise<void> {
    if (this.#plan.onto !== null) return checkPublished(this.#place, this.#plan.onto, options);
    const { kind } = await this.look(options);
    const place = { file: this.target };
    if (kind === 'file') {
      throw new AtlasError('ATLAS_TARGET_KIND', `${this.target} is a file, the plan publishes a folder`, { place });
    }
    if (kind === 'absent') return;
    if (!this.#plan.replaces) {
      throw new AtlasError('ATLAS_TARGET_EXISTS', `${this.target} exists, and mode is error_if_exists`, { place });
    }
    const { length } = await this.#place.store.list(this.target, options);
    if (length === 0) return;
    const message = `${this.target} holds ${length} ${length === 1 ? 'entry' : 'entries'}, only an empty folder can be replaced`;
    throw new AtlasError('ATLAS_TARGET_NOT_EMPTY', message, { place });
  }

  clean(keep: readonly string[], options: Abortable): Promise<readonly string[]> {
    return this.#place.clean(keep, options);
  }

  async draft(runId: string, options: Abortable): Promise<Draft> {
    const { store } = this.#place;
    const before = await this.#place.find(options);
    const path = draftPath(this.target, runId);
    await store.makeFolder(path, options);
    const { limits, planHash, partitioned, onto } = this.#plan;
    if (onto !== null) {
      const parts = new PartFiles(store, path, this.#newLayout, { ...limits, prefix: `part-${runId}-` });
      const addition = { run: runId, folder: identityOf(before, this.target) };
      return new FolderDraft(this.#place, path, parts, { planHash, partitioned, mode: null, addition });
    }
    const parts = new PartFiles(store, path, this.#newLayout, limits);
    const mode = before.kind === 'folder' ? before.mode : null;
    return new FolderDraft(this.#place, path, parts, { planHash, partitioned, mode, addition: null });
  }

  // what is asked about may be of an earlier run, and of either kind
  commit(staged: Staged, options: Abortable): Promise<void> {
    return this.#addition(staged)?.commit(options) ?? this.#place.commit(staged, options);
  }

  secure(staged: Staged, options: Abortable): Promise<void> {
    return this.#addition(staged)?.secure(options) ?? this.#place.secure(options);
  }

  erase(staged: Staged, options: Abortable): Promise<void> {
    return this.#addition(staged)?.erase(options) ?? this.#place.erase(staged, options);
  }

  async recount(staged: Staged, options: Abortable): Promise<number> {
    let rows = 0;
    for (const { path } of staged.files)
      rows += await countRows(this.#place.store, joinPath(this.target, path), options);
    return rows;
  }

  async compare(staged: Staged, place: 'draft' | 'target' | 'either', options: Abortable): Promise<Likeness> {
    const { store } = this.#place;
    const addition = this.#addition(staged);
    if (addition !== null) return addition.compare(place, options);
    if (place === 'either') {
      const there = await this.compare(staged, 'target', options);
      return there === 'same' ? there : this.compare(staged, 'draft', options);
    }
    const root = place === 'draft' ? staged.draft : this.target;
    const found = await store.look(root, options);
    if (found.kind === 'absent') return 'absent';
    if (found.kind !== 'folder' || staged.post.kind !== 'folder' || found.inode !== staged.post.inode) return 'other';
    for (const file of staged.files) {
      if ((await likenessOf(store, joinPath(root, file.path), file, options)) !== 'same') return 'other';
    }
    return 'same';
  }

  #addition(staged: Staged): FolderAddition | null {
    return staged.addition === undefined ? null : new FolderAddition(this.#place, staged, staged.addition);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#place[Symbol.asyncDispose]();
  }
}
