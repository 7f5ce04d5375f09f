import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (args: readonly string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });

beforeAll(() => {
  const { status, stdout } = run(['node_modules/typescript/bin/tsc', '-p', 'test/tsconfig.scripts.json']);
  expect(status, stdout).toBe(0);
}, 120_000);

it('quickstart:bad shows every reject with its place, reason and text', () => {
  const { status, stdout, stderr } = run(['dist/test/quickstart/bad.js']);
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/answers\.jsonl, the rows that were not taken/);
  expect(stdout.match(/: ATLAS_C[A-Z_]+: /g)?.length).toBe(3);
});

it('quickstart:crash shows the old file intact after SIGKILL, and no orphan after the next run', {
  timeout: 120_000,
}, () => {
  const { status, stdout, stderr } = run(['dist/test/quickstart/crash.js']);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('A reader saw Monday until the very moment it saw Tuesday.');
});
