import { AtlasError } from '../../errors.ts';
import type { Draft, Held, Identity, Likeness, Published, Sink, Staged, TargetLock } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { joinPath } from '../../store/path.ts';
import { draftPath } from './draft-name.ts';
import { checkFileColumns, type FileColumns } from './file-columns.ts';
import type { NewLayout } from './file-layout.ts';
import { countThere, rowsBelow } from './files-below.ts';
import { FolderAddition } from './folder-addition.ts';
import { FolderDraft } from './folder-draft.ts';
import { addedManifest, MANIFEST, POINTER } from './manifest.ts';
import { partitionsOf } from './old-files.ts';
import { otherLayout } from './other-layout.ts';
import { PartFiles, type PartLimits } from './part-files.ts';
import { checkPublished, type PublishedSet } from './published-set.ts';
import { identityOf, likenessOf, type TargetPlace } from './target-place.ts';
import { visibleFiles } from './visible-files.ts';

/** What a folder sink needs to know of its plan. */
export interface FolderPlan {
  readonly planHash: string;
  readonly partitioned: boolean;
  /** An existing empty folder is replaced, rather than refused. */
  readonly replaces: boolean;
  readonly limits: PartLimits;
  /** What becomes of a folder that holds something: files are added to it, or its partitions replaced; null = it is refused. */
  readonly grows: 'append' | 'replace_partitions' | null;
  /** With `grows`: all that a reader sees in the folder is replaced, not only partitions. */
  readonly refresh: boolean;
  /** Files are added to a folder that holds exactly these sets, from the first run on; null = a run of its own. */
  readonly onto: readonly PublishedSet[] | null;
  /** What the files of this plan hold, against those of the folder. */
  readonly columns: FileColumns;
}

/**
 * A folder of Parquet files: a new one is staged as a hidden folder beside it, and appears by one rename. With `grows` or `onto` files
 * are added to one that is there.
 */
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
    if (this.#plan.grows !== null) return this.#checkPlain(options);
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
    const { limits, planHash, partitioned, onto, grows, refresh } = this.#plan;
    const named = onto !== null || grows !== null;
    const adds = onto !== null || (grows !== null && before.kind === 'folder');
    const parts = new PartFiles(store, path, this.#newLayout, named ? { ...limits, prefix: `part-${runId}-` } : limits);
    return new FolderDraft(this.#place, path, parts, {
      planHash,
      partitioned,
      mode: before.kind === 'folder' && !adds ? before.mode : null,
      manifest: named ? addedManifest(runId) : MANIFEST,
      folder: adds ? identityOf(before, this.target) : null,
      mustBeNew: grows !== null && !adds,
      replacesAll: refresh && adds,
      replacesBut: grows === 'replace_partitions' ? new Set(onto?.flatMap(({ files }) => partitionsOf(files))) : null,
    });
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

  async holds({ files }: Published, options: Abortable): Promise<Held> {
    const there = await countThere(this.#place, files, options);
    return there === files.length ? 'all' : there === 0 ? 'none' : 'some';
  }

  async checkColumns(options: Abortable): Promise<void> {
    if (this.#plan.grows !== null && !this.#plan.refresh)
      await checkFileColumns(this.#place, this.#plan.columns, options);
  }

  async isEmpty(options: Abortable): Promise<boolean> {
    for await (const _ of visibleFiles(this.#place, options)) return false;
    return true;
  }

  recount(staged: Staged, options: Abortable): Promise<number> {
    return rowsBelow(this.#place, staged.files, options);
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

  /** What has versions is no folder to add files to. */
  async #checkPlain(options: Abortable): Promise<void> {
    const { store } = this.#place;
    if ((await store.look(joinPath(this.target, POINTER), options)).kind === 'absent') return;
    const message = `${this.target} has versions (there is ${POINTER}), the plan's layout is plain`;
    throw new AtlasError('ATLAS_TARGET_KIND', message, { place: { file: this.target } });
  }

  #addition(staged: Staged): FolderAddition | null {
    if (staged.version) throw otherLayout(this.target, 'versioned');
    return staged.addition === undefined ? null : new FolderAddition(this.#place, staged, staged.addition);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#place[Symbol.asyncDispose]();
  }
}
