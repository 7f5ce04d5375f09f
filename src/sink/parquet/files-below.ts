import type { StagedFile } from '../../flow/sink.ts';
import { joinPath } from '../../store/path.ts';
import type { StoreOptions } from '../../store/store.ts';
import { countRows } from './count-rows.ts';
import type { TargetPlace } from './target-place.ts';

/** How many of these files rest below a target with their length. */
export async function countThere(
  { store, target }: TargetPlace,
  files: readonly StagedFile[],
  options: StoreOptions,
): Promise<number> {
  let there = 0;
  for (const { path, bytes } of files) {
    const found = await store.look(joinPath(target, path), options);
    if (found.kind === 'file' && found.length === bytes) there += 1;
  }
  return there;
}

/** Rows of these files below a target, from their own footers. */
export async function rowsBelow(
  { store, target }: TargetPlace,
  files: readonly StagedFile[],
  options: StoreOptions,
): Promise<number> {
  let rows = 0;
  for (const { path } of files) rows += await countRows(store, joinPath(target, path), options);
  return rows;
}
