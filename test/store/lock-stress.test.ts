import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const STORE = new URL('../../dist/store/local-store.js', import.meta.url).href;
const CONTENDER = new URL('./lock-contender.mjs', import.meta.url).pathname;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly killed: string | null;
  readonly out: string;
  readonly err: string;
}

function contend(seed: number, rounds: number, share: number): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [CONTENDER, STORE, folder, String(seed), String(rounds), String(share)]);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', fail);
    child.on('close', (code, killed) => done({ code, killed, out, err }));
  });
}

describe('a lock wanted by several processes', () => {
  it('is held by one at a time, and outlives holders that die in it', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`lock stress: seed ${seed}`);
    const waves = 4;
    let deaths = 0;
    for (let wave = 0; wave < waves; wave++) {
      const ended = await Promise.all([0, 1, 2, 3].map((n) => contend(seed + wave * 10 + n, 25, 0.12)));
      for (const { code, killed, err, out } of ended) {
        expect(err).toBe('');
        expect(killed === 'SIGKILL' ? out.endsWith('died\n') : code === 0).toBe(true);
        if (killed === 'SIGKILL') deaths += 1;
      }
    }
    expect(deaths).toBeGreaterThan(0);
    const last = await contend(seed, 1, 0);
    expect(last).toMatchObject({ code: 0, out: 'held\n', err: '' });
    const left = (await readdir(folder)).filter((name) => name.includes('atlas'));
    expect(left).toEqual([]);
  });
});
