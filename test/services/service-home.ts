import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lives } from './lives.ts';

const NAME = /^atlas-(?:[a-z]+)-(\d+)-\w{6}$/;

/** A folder for a server of this process; those of processes that are gone are removed. */
export function serviceHome(kind: string): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1]);
    if (Number.isNaN(pid) || lives(pid)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // It is somebody else's.
    }
  }
  return mkdtempSync(join(tmpdir(), `atlas-${kind}-${process.pid}-`));
}
