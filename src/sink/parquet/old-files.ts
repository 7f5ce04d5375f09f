import { dirname } from 'node:path';
import { AtlasError } from '../../errors.ts';
import type { Identity, OldFile, Replaced } from '../../flow/sink.ts';
import { joinPath } from '../../store/path.ts';
import type { Store, StoreOptions } from '../../store/store.ts';
import { identityOf, type TargetPlace } from './target-place.ts';
import { allFiles } from './visible-files.ts';

/**
 * Every file that a reader sees in these partitions of a folder, with what tells it from another one; hidden names (`.x`, `_x`) are
 * nobody's data. Fails with ATLAS_TARGET_KIND where a partition holds folders: it is partitioned further than the load.
 */
export async function oldFiles(
  { store, target }: TargetPlace,
  partitions: readonly string[],
  options: StoreOptions,
): Promise<readonly OldFile[]> {
  const found: OldFile[] = [];
  for (const partition of partitions) {
    const folder = joinPath(target, partition);
    if ((await store.look(folder, options)).kind === 'absent') continue;
    const names = (await store.list(folder, options)).map(({ name }) => name).filter((name) => !/^[._]/.test(name));
    for (const name of names.sort()) {
      const path = joinPath(folder, name);
      const identity = identityOf(await store.look(path, options), path);
      if (identity.kind === 'folder') {
        throw new AtlasError('ATLAS_TARGET_KIND', `${path} is a folder, where a partition holds files`, {
          place: { file: path },
        });
      }
      if (identity.kind === 'file') found.push({ path: `${partition}/${name}`, identity });
    }
  }
  return found;
}

/** Whether these partitions, or the whole folder, hold exactly what they held when the draft was staged, beside files that are its own. */
export async function areOldFilesThere(
  place: TargetPlace,
  { everything, partitions, files }: Replaced,
  own: ReadonlySet<string>,
  options: StoreOptions,
): Promise<boolean> {
  const all = everything ? await allFiles(place, options) : await oldFiles(place, partitions, options);
  const now = all.filter(({ path }) => !own.has(path));
  const known = new Map(files.map(({ path, identity }) => [path, identity]));
  return now.length === files.length && now.every(({ path, identity }) => isSame(known.get(path), identity));
}

/** Those of the replaced files that are there still, and are still what they were. */
export async function leftOfOldFiles(
  { store, target }: TargetPlace,
  { files }: Replaced,
  options: StoreOptions,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { path, identity } of files) {
    const one = joinPath(target, path);
    if (isSame(identity, await lookFor(store, one, options))) left.push(one);
  }
  return left;
}

/** A file somebody made a link or a device of is another one. */
async function lookFor(store: Store, path: string, options: StoreOptions): Promise<Identity> {
  const found = await store.look(path, options);
  return found.kind === 'file' || found.kind === 'folder' ? identityOf(found, path) : { kind: 'absent' };
}

/** Device numbers change with every mount: the time of the last change tells a reused inode. */
function isSame(one: Identity | undefined, other: Identity): boolean {
  if (one?.kind !== 'file' || other.kind !== 'file') return false;
  return one.inode === other.inode && one.length === other.length && one.modified === other.modified;
}

/** The partitions that files stand in, each once, in order. */
export function partitionsOf(files: readonly { readonly path: string }[]): readonly string[] {
  return [...new Set(files.map(({ path }) => dirname(path)))].filter((partition) => partition !== '.').sort();
}
