import type { StagedFile } from '../../flow/sink.ts';

/** Where a folder's manifest stands in it. */
export const MANIFEST = '_atlas/manifest.json';

/** Where the pointer to a versioned folder's current version stands in it. */
export const POINTER = '_atlas/current.json';

/** Where the manifest of what a run added to a folder stands in it. */
export function addedManifest(run: string): string {
  return `_atlas/manifest-${run}.json`;
}

/**
 * What a published folder says about itself: its files, by path, and those of earlier manifests that they replace; nothing of run, host
 * time or store.
 */
export function manifestBytes(
  planHash: string,
  files: readonly StagedFile[],
  replaces: readonly string[] = [],
): Uint8Array {
  const total = (of: 'rows' | 'bytes') => files.reduce((sum, file) => sum + file[of], 0);
  const manifest = {
    manifest_version: 1,
    plan: planHash,
    rows: total('rows'),
    bytes: total('bytes'),
    files: files.map(({ proof: _, ...file }) => file),
    ...(replaces.length > 0 ? { replaces } : {}),
  };
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}
