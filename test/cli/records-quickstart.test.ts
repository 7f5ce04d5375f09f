import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { chdbPackage } from '../services/clickhouse/start-clickhouse.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const state = mkdtempSync(join(tmpdir(), 'atlas-act-'));
afterAll(() => rmSync(state, { recursive: true }));

describe.skipIf(chdbPackage() === null)("the quickstart's second act", () => {
  it('does what the README says, typed as it stands there', () => {
    const [, section = ''] = /<!-- quickstart:records -->([\s\S]*?)<!-- \/quickstart:records -->/.exec(
      readFileSync(join(root, 'README.md'), 'utf8'),
    ) ?? [''];
    const [commands = '', shown = ''] = [...section.matchAll(/```(?:sh)?\n([\s\S]*?)```/g)].map(([, text]) => text);
    const typed = commands.split('\n').filter((line) => line !== '');
    expect(typed).toHaveLength(2);
    const env = { ...process.env, ATLAS_STATE: state, CLICKHOUSE_URL: '', CLICKHOUSE_HOST: '' };
    const [first = '', second = ''] = typed.map((line) =>
      execFileSync('sh', ['-c', line], { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    expect(first).toMatch(/^status=loaded\tfile=.*seattle-weather\.csv\ttable=chdb:.*\.weather\trows=1461\t/);
    expect(second).toBe(shown);
  });

  it('is part of the package, both commands', () => {
    const packed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(packed['bin']).toEqual({ 'atlas-ingest': 'bin/atlas-ingest.js', 'as-cli': 'bin/as-cli.js' });
    expect(packed['files']).toContain('bin');
  });
});
