import { AtlasError } from '../../errors.ts';
import type { StagedFile } from '../../flow/sink.ts';
import { joinPath } from '../../store/path.ts';
import type { StoreOptions } from '../../store/store.ts';
import { manifestBytes } from './manifest.ts';
import type { TargetPlace } from './target-place.ts';

/** What one run published in a folder, as its receipt has it. */
export interface PublishedSet {
  readonly run: string;
  readonly planHash: string;
  /** Relative to the folder. */
  readonly manifest: string;
  readonly files: readonly StagedFile[];
  /** Files of before that it replaced. */
  readonly replaces: readonly string[];
}

/**
 * Whether a folder still holds what these runs published: their manifests byte by byte, and every file with its length.
 * Fails with ATLAS_REPLAY_TARGET at the first difference.
 */
export async function checkPublished(
  { store, target }: TargetPlace,
  sets: readonly PublishedSet[],
  options: StoreOptions,
): Promise<void> {
  const { kind } = await store.look(target, options);
  if (kind !== 'folder') {
    const what = kind === 'absent' ? 'nothing' : 'no folder';
    throw other(target, `there is ${what} at ${target}, where a folder was published`);
  }
  for (const { run, planHash, manifest, files, replaces } of sets) {
    const path = joinPath(target, manifest);
    const expected = manifestBytes(planHash, files, replaces);
    const found = await store.look(path, options);
    if (found.kind !== 'file' || found.length !== expected.length) {
      throw other(path, `${path} is not the manifest that run ${run} wrote`);
    }
    await using reader = await store.open(path, options);
    if (!Buffer.from(await reader.read(0, reader.length)).equals(expected)) {
      throw other(path, `${path} is not the manifest that run ${run} wrote`);
    }
    for (const file of files) {
      const one = joinPath(target, file.path);
      const there = await store.look(one, options);
      if (there.kind === 'file' && there.length === file.bytes) continue;
      const now =
        there.kind === 'file' ? `has ${there.length} bytes` : there.kind === 'absent' ? 'is gone' : 'is no file';
      throw other(one, `${one} ${now}, run ${run} published ${file.bytes} bytes there`);
    }
  }
}

function other(path: string, message: string): AtlasError {
  return new AtlasError('ATLAS_REPLAY_TARGET', message, { place: { file: path } });
}
