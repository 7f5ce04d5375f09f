import type { OldFile } from '../../flow/sink.ts';
import { joinPath } from '../../store/path.ts';
import type { StoreOptions } from '../../store/store.ts';
import { identityOf, type TargetPlace } from './target-place.ts';

/** Folders below each other that are looked into. */
const DEEPEST = 32;

/**
 * Paths, relative to the target, of everything below it that is no folder and that a reader sees, folder by folder; hidden names
 * (`.x`, `_x`) are nobody's data. None where there is no folder.
 */
export async function* visibleFiles(
  place: Pick<TargetPlace, 'store' | 'target'>,
  options: StoreOptions,
  inside: readonly string[] = [],
): AsyncGenerator<string, void, void> {
  const { store, target } = place;
  const folder = joinPath(target, ...inside);
  if (inside.length === 0 && (await store.look(folder, options)).kind !== 'folder') return;
  const entries = (await store.list(folder, options)).filter(({ name }) => !/^[._]/.test(name));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, kind } of entries) if (kind !== 'folder') yield [...inside, name].join('/');
  for (const { name, kind } of entries) {
    if (kind === 'folder' && inside.length < DEEPEST) yield* visibleFiles(place, options, [...inside, name]);
  }
}

/** Every file that a reader of the target sees, with what tells it from another one. */
export async function allFiles(place: TargetPlace, options: StoreOptions): Promise<readonly OldFile[]> {
  const found: OldFile[] = [];
  for await (const path of visibleFiles(place, options)) {
    const whole = joinPath(place.target, path);
    const identity = identityOf(await place.store.look(whole, options), whole);
    if (identity.kind === 'file') found.push({ path, identity });
  }
  return found;
}
