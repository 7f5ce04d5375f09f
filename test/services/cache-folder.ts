import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what servers are made of is kept between runs (`ATLAS_CACHE`); made where it is missing. */
export function cacheFolder(): string {
  const folder = join(process.env['ATLAS_CACHE'] ?? join(homedir(), '.cache', 'atlas-ingest'), 'services');
  mkdirSync(folder, { recursive: true });
  return folder;
}
