import type { StagedFile } from '../../flow/sink.ts';

/** Where a folder's manifest stands in it. */
export const MANIFEST = '_atlas/manifest.json';

/** Where the manifest of what a run added to a folder stands in it. */
export function addedManifest(run: string): string {
  return `_atlas/manifest-${run}.json`;
}

/** What a published folder says about itself: its files, by path; nothing of run, host, time or store. */
export function manifestBytes(planHash: string, files: readonly StagedFile[]): Uint8Array {
  const total = (of: 'rows' | 'bytes') => files.reduce((sum, file) => sum + file[of], 0);
  const listed = files.map(({ proof: _, ...file }) => file);
  const manifest = { manifest_version: 1, plan: planHash, rows: total('rows'), bytes: total('bytes'), files: listed };
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}
