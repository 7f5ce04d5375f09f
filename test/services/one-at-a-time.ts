import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { lives } from './lives.ts';

/** Runs `work` while no other process of this machine does so under the same file; a dead one's is taken over. */
export async function oneAtATime<T>(file: string, work: () => Promise<T>): Promise<T> {
  while (!take(file)) await sleep(200);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = Number(read(file));
    // Empty for the moment in which it is written.
    if (holder > 0 && !lives(holder)) rmSync(file, { force: true });
    return false;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
