import { createHash } from 'node:crypto';
import type { Fragment } from '../../flow/fragment.ts';
import type { Draft, Staged } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { joinPath } from '../../store/path.ts';
import type { FolderDraft } from './folder-draft.ts';
import { POINTER } from './manifest.ts';
import { identityOf, type TargetPlace } from './target-place.ts';
import { toldProof } from './told-proof.ts';
import { nextPointer, pointerBytes, readPointer, versionPath } from './version-pointer.ts';

/** Names within a draft: the version, and the pointer to it. */
export const DRAFTED = { version: 'version', pointer: 'current.json' } as const;

export interface VersionDraftPlan {
  readonly run: string;
  readonly planHash: string;
  /** Versions to keep, this one included. */
  readonly keep: number;
  /** There is no target folder yet. */
  readonly fresh: boolean;
}

/** A version in the making, and the pointer that will say that it is the current one. */
export class VersionDraft implements Draft {
  readonly #place: TargetPlace;
  readonly #path: string;
  readonly #folder: FolderDraft;
  readonly #plan: VersionDraftPlan;
  #staged = false;

  /** `folder`: what becomes the version, drafted in `path`. */
  constructor(place: TargetPlace, path: string, folder: FolderDraft, plan: VersionDraftPlan) {
    this.#place = place;
    this.#path = path;
    this.#folder = folder;
    this.#plan = plan;
  }

  write(fragment: Fragment, options: Abortable): Promise<void> {
    return this.#folder.write(fragment, options);
  }

  async stage(options: Abortable): Promise<Staged> {
    const { store, target, folder } = this.#place;
    const { run, planHash, keep, fresh } = this.#plan;
    const made = await this.#folder.stage(options);
    const { rows, bytes, rowGroups } = made;
    const pointer = nextPointer(await readPointer(store, target, options), run, keep);
    const content = pointerBytes(pointer, { plan: planHash, rows, bytes });
    const path = joinPath(this.#path, DRAFTED.pointer);
    await using file = await store.create(path, 0o666, options);
    await file.write(content, options);
    await file.sync(options);
    const proof = await file.prove(options);
    await file.close();
    const post = identityOf(await store.look(path, options), path);
    await store.syncFolder(this.#path, options);
    await store.syncFolder(folder, options);
    this.#staged = true;
    const sha256 = createHash('sha256').update(content).digest('hex');
    return {
      target,
      draft: this.#path,
      post,
      files: made.files.map((each) => ({ ...each, path: `${versionPath(run)}/${each.path}` })),
      rows,
      bytes,
      rowGroups,
      version: {
        path: versionPath(run),
        identity: made.post,
        fresh,
        pointer: { path: POINTER, bytes: content.byteLength, sha256, ...toldProof(proof) },
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#staged) return;
    await this.#folder[Symbol.asyncDispose]();
    const through = { signal: new AbortController().signal };
    await this.#place.store.remove(this.#path, through).catch(() => undefined);
  }
}
