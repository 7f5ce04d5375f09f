import { basename } from 'node:path';
import { AtlasError } from '../../errors.ts';
import type { Fragment } from '../../flow/fragment.ts';
import type {
  Draft,
  Held,
  Identity,
  Likeness,
  Published,
  Sink,
  Staged,
  StagedFile,
  TargetLock,
} from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { countRows } from './count-rows.ts';
import { draftPath } from './draft-name.ts';
import type { NewLayout } from './file-layout.ts';
import { ParquetFile } from './parquet-file.ts';
import { identityOf, likenessOf, type TargetPlace } from './target-place.ts';

/** One Parquet file: a hidden draft beside it, renamed onto it. With `onto` the draft goes on from what is there. */
export class FileSink implements Sink {
  readonly #place: TargetPlace;
  readonly #newLayout: NewLayout;
  readonly #replaces: boolean;
  readonly #onto: StagedFile | null;

  /** `replaces`: an existing file is replaced, rather than refused. `onto`: what the target holds, to which rows are added. */
  constructor(place: TargetPlace, newLayout: NewLayout, replaces: boolean, onto: StagedFile | null = null) {
    this.#place = place;
    this.#newLayout = newLayout;
    this.#replaces = replaces;
    this.#onto = onto;
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
    const { kind } = await this.look(options);
    const place = { file: this.target };
    if (this.#onto !== null) {
      if (kind === 'file') return;
      const what = kind === 'absent' ? 'nothing' : 'a folder';
      throw new AtlasError('ATLAS_REPLAY_TARGET', `there is ${what} at ${this.target}, where a file was published`, {
        place,
      });
    }
    if (kind === 'folder')
      throw new AtlasError('ATLAS_TARGET_KIND', `${this.target} is a folder, the plan publishes one file`, { place });
    if (kind === 'file' && !this.#replaces) {
      throw new AtlasError('ATLAS_TARGET_EXISTS', `${this.target} exists, and mode is error_if_exists`, { place });
    }
  }

  clean(keep: readonly string[], options: Abortable): Promise<readonly string[]> {
    return this.#place.clean(keep, options);
  }

  async draft(runId: string, options: Abortable): Promise<Draft> {
    const { store } = this.#place;
    const before = await this.#place.find(options);
    // The one who may not read the old file may not read the new one while it is being made either.
    const mode = before.kind === 'file' ? before.mode : null;
    const path = draftPath(this.target, runId);
    const newMode = mode === null ? 0o666 : mode & 0o666;
    if (this.#onto === null) {
      const file = await ParquetFile.create(store, path, newMode, this.#newLayout, options);
      return new FileDraft(this.#place, file, mode, {});
    }
    const old = { path: this.target, staged: this.#onto };
    const file = await ParquetFile.continueFrom(store, path, newMode, old, this.#newLayout, options);
    return new FileDraft(this.#place, file, mode, {
      rowsBefore: this.#onto.rows,
      onto: identityOf(before, this.target),
    });
  }

  commit(staged: Staged, options: Abortable): Promise<void> {
    return this.#place.commit(staged, options);
  }

  secure(_staged: Staged, options: Abortable): Promise<void> {
    return this.#place.secure(options);
  }

  erase(staged: Staged, options: Abortable): Promise<void> {
    return this.#place.erase(staged, options);
  }

  async holds({ files: [file] }: Published, options: Abortable): Promise<Held> {
    const found = await this.#place.find(options);
    return found.kind === 'file' && found.length === file?.bytes ? 'all' : 'none';
  }

  /** One file is replaced whole, or goes on from its own footer. */
  async checkColumns(): Promise<void> {}

  async isEmpty(options: Abortable): Promise<boolean> {
    return (await this.look(options)).kind === 'absent';
  }

  recount(_staged: Staged, options: Abortable): Promise<number> {
    return countRows(this.#place.store, this.target, options);
  }

  async compare(staged: Staged, place: 'draft' | 'target' | 'either', options: Abortable): Promise<Likeness> {
    const [file] = staged.files;
    if (file === undefined) throw new AtlasError('ATLAS_INTERNAL', `nothing was staged for ${this.target}`);
    const { store } = this.#place;
    if (place === 'either') {
      const there = await this.compare(staged, 'target', options);
      return there === 'same' ? there : this.compare(staged, 'draft', options);
    }
    if (place === 'target') return likenessOf(store, this.target, file, options);
    const found = await store.look(staged.draft, options);
    if (found.kind === 'file' && staged.post.kind === 'file' && found.inode !== staged.post.inode) return 'other';
    return likenessOf(store, staged.draft, file, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#place[Symbol.asyncDispose]();
  }
}

class FileDraft implements Draft {
  readonly #place: TargetPlace;
  readonly #file: ParquetFile;
  readonly #mode: number | null;
  readonly #about: Pick<Staged, 'rowsBefore' | 'onto'>;
  #staged = false;

  constructor(place: TargetPlace, file: ParquetFile, mode: number | null, about: Pick<Staged, 'rowsBefore' | 'onto'>) {
    this.#place = place;
    this.#file = file;
    this.#mode = mode;
    this.#about = about;
  }

  async write(fragment: Fragment, options: Abortable): Promise<void> {
    if (fragment.partition !== null)
      throw new AtlasError('ATLAS_INTERNAL', 'a fragment of a partition came to a target of one file');
    await this.#file.write(fragment, options);
  }

  async stage(options: Abortable): Promise<Staged> {
    const { target, store, folder } = this.#place;
    const { rowGroups } = this.#file;
    const { staged, found } = await this.#file.finish(basename(target), this.#mode, options);
    await store.syncFolder(folder, options);
    this.#staged = true;
    const { path: draft } = this.#file;
    const { rows, bytes } = staged;
    return { target, draft, post: identityOf(found, draft), files: [staged], rows, bytes, rowGroups, ...this.#about };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#staged) return;
    await this.#file[Symbol.asyncDispose]();
    const through = { signal: new AbortController().signal };
    await this.#place.store.remove(this.#file.path, through).catch(() => undefined);
  }
}
