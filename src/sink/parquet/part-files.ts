import { AtlasError } from '../../errors.ts';
import type { Fragment } from '../../flow/fragment.ts';
import type { StagedFile } from '../../flow/sink.ts';
import { joinPath } from '../../store/path.ts';
import type { Store, StoreOptions } from '../../store/store.ts';
import type { NewLayout } from './file-layout.ts';
import { ParquetFile } from './parquet-file.ts';
import { partitionNames } from './partition-path.ts';

/** Bounds of a folder that is being written. */
export interface PartLimits {
  /** null = one file for each partition. */
  readonly maxRowsPerFile: number | null;
  readonly maxPartitions: number;
  /** Descriptors held open at a time. */
  readonly maxOpen: number;
  /** What the names of files begin with: `part-`, or more where files of that name are there. */
  readonly prefix?: string;
}

interface Part {
  readonly file: ParquetFile;
  readonly name: string;
}

/** The Parquet files of one folder: a row of `part-00000.parquet` … for every partition, few of them open at a time. */
export class PartFiles implements AsyncDisposable {
  readonly folders = new Set<string>();
  readonly #store: Store;
  readonly #root: string;
  readonly #newLayout: NewLayout;
  readonly #limits: PartLimits;
  /** The part being written of each partition. */
  readonly #current = new Map<string, Part>();
  readonly #next = new Map<string, number>();
  /** Parts with an open descriptor, the least recently used first. */
  readonly #open = new Set<Part>();
  readonly #finished: StagedFile[] = [];
  #rowGroups = 0;

  constructor(store: Store, root: string, newLayout: NewLayout, limits: PartLimits) {
    this.#store = store;
    this.#root = root;
    this.#newLayout = newLayout;
    this.#limits = limits;
  }

  get rowGroups(): number {
    return this.#rowGroups;
  }

  async write(fragment: Fragment, options: StoreOptions): Promise<void> {
    const { maxRowsPerFile } = this.#limits;
    if (maxRowsPerFile !== null && fragment.rows > maxRowsPerFile) {
      const message = `a row group of ${fragment.rows} rows came to files of at most ${maxRowsPerFile}`;
      throw new AtlasError('ATLAS_INTERNAL', message);
    }
    const partition = fragment.partition ?? '';
    let part = this.#current.get(partition);
    if (part !== undefined && maxRowsPerFile !== null && part.file.rows + fragment.rows > maxRowsPerFile) {
      await this.#finish(part, options);
      part = undefined;
    }
    part ??= await this.#begin(fragment.partition, options);
    await this.#use(part, options);
    await part.file.write(fragment, options);
    this.#rowGroups += 1;
  }

  /** An empty file, where nothing was written and there is no partition to name: a folder that says its columns. */
  async writeEmpty(options: StoreOptions): Promise<void> {
    await this.#begin(null, options);
  }

  get isEmpty(): boolean {
    return this.#next.size === 0;
  }

  /** Finishes every file; answers all of them in order of path. */
  async finish(options: StoreOptions): Promise<readonly StagedFile[]> {
    for (const part of [...this.#current.values()]) {
      await this.#use(part, options);
      await this.#finish(part, options);
    }
    this.#current.clear();
    return this.#finished.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#open) await part.file[Symbol.asyncDispose]();
    this.#open.clear();
  }

  async #begin(partition: string | null, options: StoreOptions): Promise<Part> {
    const key = partition ?? '';
    const index = this.#next.get(key) ?? 0;
    if (index === 0) await this.#makeFolders(partition, options);
    await this.#makeRoom(options);
    const name = `${this.#limits.prefix ?? 'part-'}${String(index).padStart(5, '0')}.parquet`;
    const path = partition === null ? name : `${partition}/${name}`;
    const file = await ParquetFile.create(this.#store, joinPath(this.#root, path), 0o666, this.#newLayout, options);
    const part = { file, name: path };
    this.#next.set(key, index + 1);
    this.#current.set(key, part);
    this.#open.add(part);
    return part;
  }

  async #makeFolders(partition: string | null, options: StoreOptions): Promise<void> {
    const names = partitionNames(partition);
    if (this.#next.size >= this.#limits.maxPartitions) {
      throw new AtlasError(
        'ATLAS_PARTITIONS',
        `one run may hold ${this.#limits.maxPartitions} partitions, and there are more`,
      );
    }
    let at = this.#root;
    for (const name of names) {
      at = joinPath(at, name);
      if (this.folders.has(at)) continue;
      await this.#store.makeFolder(at, options);
      this.folders.add(at);
    }
  }

  async #use(part: Part, options: StoreOptions): Promise<void> {
    if (!this.#open.delete(part)) await this.#makeRoom(options);
    this.#open.add(part);
  }

  async #makeRoom(options: StoreOptions): Promise<void> {
    for (const part of this.#open) {
      if (this.#open.size < this.#limits.maxOpen) return;
      await part.file.suspend(options);
      this.#open.delete(part);
    }
  }

  async #finish(part: Part, options: StoreOptions): Promise<void> {
    const { staged } = await part.file.finish(part.name, null, options);
    this.#open.delete(part);
    this.#finished.push(staged);
  }
}
