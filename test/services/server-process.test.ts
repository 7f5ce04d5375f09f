import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { expect, it, vi } from 'vitest';
import { describeNeeding } from './describe-needing.ts';
import { lives } from './lives.ts';

describeNeeding(['setpriv'], 'a server of the tests', () => {
  it('dies with the process that started it, also where that is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-orphans-'));
    const file = join(folder, 'server-process.mjs');
    const input = fileURLToPath(new URL('./server-process.ts', import.meta.url));
    await build({ input, platform: 'node', logLevel: 'silent', output: { file } });
    const script = `
      const { ServerProcess } = await import(${JSON.stringify(file)});
      console.log(ServerProcess.start('sleep', ['600'], ${JSON.stringify(join(folder, 'log'))}).pid);
      setInterval(() => {}, 1000);
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [said] = (await once(parent.stdout, 'data')) as [Buffer];
      const server = Number(said.toString());
      expect(lives(server)).toBe(true);
      parent.kill('SIGKILL');
      await vi.waitUntil(() => !lives(server), { timeout: 20_000 });
    } finally {
      parent.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
