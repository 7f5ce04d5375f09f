import { dirname, join } from 'node:path';
import type { Fragment } from '../../flow/fragment.ts';
import type { Draft, Staged } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { MANIFEST, manifestBytes } from './manifest.ts';
import type { PartFiles } from './part-files.ts';
import { identityOf, type TargetPlace } from './target-place.ts';

/** A folder in the making: parts, manifest, then everything synced from the leaves up. */
export class FolderDraft implements Draft {
  readonly #place: TargetPlace;
  readonly #path: string;
  readonly #parts: PartFiles;
  readonly #planHash: string;
  readonly #partitioned: boolean;
  readonly #mode: number | null;
  #staged = false;

  constructor(
    place: TargetPlace,
    path: string,
    parts: PartFiles,
    about: { readonly planHash: string; readonly partitioned: boolean; readonly mode: number | null },
  ) {
    this.#place = place;
    this.#path = path;
    this.#parts = parts;
    this.#planHash = about.planHash;
    this.#partitioned = about.partitioned;
    this.#mode = about.mode;
  }

  write(fragment: Fragment, options: Abortable): Promise<void> {
    return this.#parts.write(fragment, options);
  }

  async stage(options: Abortable): Promise<Staged> {
    const { store, target, folder } = this.#place;
    if (this.#parts.isEmpty && !this.#partitioned) await this.#parts.writeEmpty(options);
    const files = await this.#parts.finish(options);
    await this.#writeManifest(manifestBytes(this.#planHash, files), options);
    const deepestFirst = [...this.#parts.folders].sort((a, b) => b.length - a.length);
    for (const path of deepestFirst) await store.syncFolder(path, options);
    if (this.#mode !== null) await store.setMode(this.#path, this.#mode, options);
    await store.syncFolder(this.#path, options);
    await store.syncFolder(folder, options);
    const post = identityOf(await store.look(this.#path, options), this.#path);
    this.#staged = true;
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { target, draft: this.#path, post, files, rows, bytes, rowGroups: this.#parts.rowGroups };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#staged) return;
    await this.#parts[Symbol.asyncDispose]();
    const through = { signal: new AbortController().signal };
    await this.#place.store.remove(this.#path, through).catch(() => undefined);
  }

  async #writeManifest(bytes: Uint8Array, options: Abortable): Promise<void> {
    const { store } = this.#place;
    const path = join(this.#path, MANIFEST);
    await store.makeFolder(dirname(path), options);
    await using file = await store.create(path, 0o666, options);
    await file.write(bytes, options);
    await file.sync(options);
    await file.close();
    await store.syncFolder(dirname(path), options);
  }
}
