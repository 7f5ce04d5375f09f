import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DataFolder } from './data-folder.ts';
import { EXTREME_INPUTS } from './extreme-inputs.ts';

/** `ATLAS_LIMITS=full` takes the sizes and the time that the issue names; without it the inputs are smaller. */
const FULL = process.env['ATLAS_LIMITS'] === 'full';
const PEAK_BYTES = 512 << 20;
const FULL_MILLISECONDS = 30_000;

const command = fileURLToPath(new URL('../../../bin/atlas-ingest.js', import.meta.url));
/** Writes the high-water mark of the process's memory where Linux tells it. */
const preload = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync, writeFileSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.once('exit', () => {
    let peak = process.resourceUsage().maxRSS * 1024;
    try { peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024; } catch {}
    writeFileSync(process.env.PEAK_FILE, String(peak));
  });
`)}`;

function run(folder: DataFolder, timeout: number) {
  const peakFile = join(folder.path, 'peak');
  const env = { ...process.env, PEAK_FILE: peakFile, NO_COLOR: '1' };
  const args = ['--import', preload, command, 'run', '--ocs', 'extreme', '--metadata', join(folder.path, 'metadata')];
  return new Promise<{ exit: number | null; stderr: string; peak: number }>((done) => {
    const child = execFile(process.execPath, args, { env, timeout, killSignal: 'SIGKILL' }, (_, __, stderr) => {
      const exit = child.exitCode;
      done({ exit, stderr, peak: exit === null ? Number.NaN : Number(readFileSync(peakFile, 'utf8')) });
    });
  });
}

describe('extreme inputs end soon, in little memory, and are told by name', () => {
  test.each(EXTREME_INPUTS)(
    '$name',
    async ({ write, source, code, reject }) => {
      using folder = new DataFolder();
      write(join(folder.path, 'x.csv'), FULL);
      folder.write(
        'metadata/extreme.json',
        JSON.stringify({
          version: 1,
          ocs: 'extreme',
          dataset_config: [
            {
              name: 'd',
              source: { type: 'csv', path: 'x.csv', ...source },
              destination: { type: 'parquet', path: 'x.parquet' },
            },
          ],
        }),
      );
      const { exit, stderr, peak } = await run(folder, FULL ? FULL_MILLISECONDS : 100_000);
      expect(exit, stderr).toBe(code === null ? 0 : 1);
      if (code !== null) expect(stderr).toContain(code);
      if (reject !== undefined) expect(stderr).toContain(reject);
      expect(peak).toBeLessThan(PEAK_BYTES);
    },
    120_000,
  );
});
