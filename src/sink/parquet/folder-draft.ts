import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Fragment } from '../../flow/fragment.ts';
import type { Closing, Draft, Identity, Staged, StagedFile } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { joinPath } from '../../store/path.ts';
import { manifestBytes } from './manifest.ts';
import { oldFiles, partitionsOf } from './old-files.ts';
import type { PartFiles } from './part-files.ts';
import { identityOf, type TargetPlace } from './target-place.ts';
import { toldProof } from './told-proof.ts';
import { allFiles } from './visible-files.ts';

/** What a draft of a folder is to become. */
export interface FolderDraftPlan {
  readonly planHash: string;
  readonly partitioned: boolean;
  /** Permission bits of the folder it replaces, or null. */
  readonly mode: number | null;
  /** Where its manifest stands in it. */
  readonly manifest: string;
  /** The folder that its files are to be added to; null where it becomes a folder itself. */
  readonly folder: Identity | null;
  /** It may appear where nothing is, and nowhere else. */
  readonly mustBeNew: boolean;
  /** It replaces everything that a reader sees in `folder`. */
  readonly replacesAll: boolean;
  /** Set where it replaces the partitions that it holds, but for these. */
  readonly replacesBut: ReadonlySet<string> | null;
}

/** A folder in the making: parts, manifest, then everything synced from the leaves up. */
export class FolderDraft implements Draft {
  readonly #place: TargetPlace;
  readonly #path: string;
  readonly #parts: PartFiles;
  readonly #plan: FolderDraftPlan;
  #staged = false;

  constructor(place: TargetPlace, path: string, parts: PartFiles, plan: FolderDraftPlan) {
    this.#place = place;
    this.#path = path;
    this.#parts = parts;
    this.#plan = plan;
  }

  write(fragment: Fragment, options: Abortable): Promise<void> {
    return this.#parts.write(fragment, options);
  }

  async stage(options: Abortable): Promise<Staged> {
    const { store, target, folder } = this.#place;
    const { planHash, partitioned, mode, manifest, folder: onto, mustBeNew, replacesAll } = this.#plan;
    // a folder that says its columns already needs no file without rows
    if (this.#parts.isEmpty && !partitioned && (onto === null || replacesAll)) await this.#parts.writeEmpty(options);
    const files = await this.#parts.finish(options);
    const replaces = await this.#replaced(files, options);
    const old = replaces?.files.map(({ path }) => path) ?? [];
    const closing = await this.#writeManifest(manifest, manifestBytes(planHash, files, old), options);
    const deepestFirst = [...this.#parts.folders].sort((a, b) => b.length - a.length);
    for (const path of deepestFirst) await store.syncFolder(path, options);
    if (mode !== null) await store.setMode(this.#path, mode, options);
    await store.syncFolder(this.#path, options);
    await store.syncFolder(folder, options);
    const made = identityOf(await store.look(this.#path, options), this.#path);
    this.#staged = true;
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const staged = { target, draft: this.#path, files, rows, bytes, rowGroups: this.#parts.rowGroups };
    if (onto === null) return { ...staged, post: made, ...(mustBeNew && { onto: { kind: 'absent' } }) };
    return { ...staged, post: withoutTime(onto), addition: closing, ...(replaces && { replaces }) };
  }

  /** What stands in the partitions that it is to replace; null where it replaces none. */
  async #replaced(files: readonly StagedFile[], options: Abortable): Promise<Staged['replaces'] | null> {
    const { replacesAll, replacesBut, folder } = this.#plan;
    if (replacesAll) return { everything: true, partitions: [], files: await allFiles(this.#place, options) };
    if (replacesBut === null || folder === null) return null;
    const partitions = partitionsOf(files).filter((partition) => !replacesBut.has(partition));
    return { partitions, files: await oldFiles(this.#place, partitions, options) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#staged) return;
    await this.#parts[Symbol.asyncDispose]();
    const through = { signal: new AbortController().signal };
    await this.#place.store.remove(this.#path, through).catch(() => undefined);
  }

  async #writeManifest(name: string, bytes: Uint8Array, options: Abortable): Promise<Closing> {
    const { store } = this.#place;
    const path = joinPath(this.#path, name);
    await store.makeFolder(dirname(path), options);
    await using file = await store.create(path, 0o666, options);
    await file.write(bytes, options);
    await file.sync(options);
    const proof = await file.prove(options);
    await file.close();
    await store.syncFolder(dirname(path), options);
    const closing = { path: name, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
    return { ...closing, ...toldProof(proof) };
  }
}

/** A folder's own time changes with what is added to it. */
function withoutTime(folder: Identity): Identity {
  if (folder.kind !== 'folder') return folder;
  return { kind: 'folder', device: folder.device, inode: folder.inode };
}
