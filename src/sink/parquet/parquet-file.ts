import { createHash } from 'node:crypto';
import { AtlasError } from '../../errors.ts';
import type { Fragment } from '../../flow/fragment.ts';
import type { StagedFile } from '../../flow/sink.ts';
import type { Found, Store, StoreFile, StoreOptions } from '../../store/store.ts';
import { countRows, countRowsOfEnd } from './count-rows.ts';
import type { FileLayout, NewLayout } from './file-layout.ts';
import { toldProof } from './told-proof.ts';
import { WrittenParquet } from './written-parquet.ts';

/** One Parquet file on its way to the store; checksummed as it is written. */
export class ParquetFile implements AsyncDisposable {
  readonly path: string;
  readonly #store: Store;
  readonly #layout: FileLayout;
  readonly #hash = createHash('sha256');
  readonly #file: StoreFile;

  private constructor(store: Store, file: StoreFile, layout: FileLayout) {
    this.#store = store;
    this.#file = file;
    this.#layout = layout;
    this.path = file.path;
  }

  /** Creates the file, which must not exist, and writes what it starts with. */
  static async create(
    store: Store,
    path: string,
    mode: number,
    newLayout: NewLayout,
    options: StoreOptions,
  ): Promise<ParquetFile> {
    const file = new ParquetFile(store, await store.create(path, mode, options), newLayout());
    try {
      await file.#append([file.#layout.begin()], options);
    } catch (error) {
      await file[Symbol.asyncDispose]();
      // nobody owns it yet: a draft would erase it
      await store.remove(path, { signal: new AbortController().signal }).catch(() => undefined);
      throw error;
    }
    return file;
  }

  /**
   * Creates the file with all that another one holds up to its footer, to go on from there. Every byte of the other is read for its
   * checksum, so that nothing is gained by letting the disk copy it. Fails with ATLAS_REPLAY_TARGET where it is not what it should be.
   */
  static async continueFrom(
    store: Store,
    path: string,
    mode: number,
    before: { readonly path: string; readonly staged: StagedFile },
    newLayout: NewLayout,
    options: StoreOptions,
  ): Promise<ParquetFile> {
    await using old = await WrittenParquet.open(store, before.path, before.staged, options);
    const layout = await old.layOut(newLayout);
    const file = new ParquetFile(store, await store.create(path, mode, options), layout);
    try {
      await old.copy((bytes) => file.#append([bytes], options));
      await file.#append([file.#layout.begin()], options);
    } catch (error) {
      await file[Symbol.asyncDispose]();
      await store.remove(path, { signal: new AbortController().signal }).catch(() => undefined);
      throw error;
    }
    return file;
  }

  get rows(): number {
    return this.#layout.rows;
  }

  get rowGroups(): number {
    return this.#layout.rowGroups;
  }

  async write(fragment: Fragment, options: StoreOptions): Promise<void> {
    await this.#append(this.#layout.place(fragment), options);
  }

  /** Makes what there is durable and gives back what an open file costs; the next write takes it again. */
  async suspend(options: StoreOptions): Promise<void> {
    await this.#file.suspend(options);
  }

  /**
   * Writes the footer, sets the mode (null = leave it), makes all of it durable, has the store prove what it holds and counts it again
   * by its footer, which is read back unless the store has proven that it holds the bytes that were written.
   */
  async finish(
    name: string,
    mode: number | null,
    options: StoreOptions,
  ): Promise<{ readonly staged: StagedFile; readonly found: Found }> {
    const end = this.#layout.end();
    await this.#append([end], options);
    const file = this.#file;
    if (mode !== null) await file.setMode(mode, options);
    await file.sync(options);
    const proof = await file.prove(options);
    const found = await file.look(options);
    await file.close();
    const isProven = proof?.content === true;
    const rows = await (isProven ? countRowsOfEnd(this.path, end) : countRows(this.#store, this.path, options));
    if (rows !== this.rows) {
      const message = `${this.rows} rows were written to ${this.path}, its footer counts ${rows}`;
      throw new AtlasError('ATLAS_ROWS_UNACCOUNTED', message, { place: { file: this.path } });
    }
    const staged = { path: name, rows, bytes: file.length, sha256: this.#hash.digest('hex') };
    return { staged: { ...staged, ...toldProof(proof) }, found };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }

  async #append(parts: readonly Uint8Array[], options: StoreOptions): Promise<void> {
    for (const part of parts) {
      const writing = this.#file.write(part, options);
      this.#hash.update(part);
      await writing;
    }
  }
}
