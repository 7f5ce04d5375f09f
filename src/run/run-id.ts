import { randomBytes } from 'node:crypto';

/** A new run id (`20240131t093000-1f2e3d4c`): sorts by start, safe in file names on every system. */
export function newRunId(now: Date): string {
  const stamp = now
    .toISOString()
    .replace(/[-:]|\.\d+Z$/g, '')
    .toLowerCase();
  return `${stamp}-${randomBytes(4).toString('hex')}`;
}
