import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

it('one works at a time, also after one that died or failed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-turns-'));
  const file = join(folder, 'turn');
  try {
    const { pid: dead } = spawnSync('true');
    writeFileSync(file, String(dead));
    await expect(oneAtATime(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    let working = 0;
    const work = async (): Promise<number> => {
      working += 1;
      await sleep(10);
      working -= 1;
      return working;
    };
    expect(await Promise.all([1, 2, 3].map(() => oneAtATime(file, work)))).toEqual([0, 0, 0]);
    expect(existsSync(file)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
