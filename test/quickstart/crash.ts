import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** `npm run quickstart:crash`: kills a load half-way and shows what a reader of the target would have seen all the time. */
const home = mkdtempSync(join(tmpdir(), 'atlas-crash-'));
const out = join(home, 'out');
const target = join(out, 'orders.parquet');
const ROWS = 400_000;

function writeInput(day: number): void {
  const rows = Array.from(
    { length: ROWS },
    (_, id) => `${id},2024-05-0${day},${(id * 7919) % 100_000},"order ${id}, day ${day}"`,
  );
  writeFileSync(join(home, 'orders.csv'), `id,day,amount,remark\n${rows.join('\n')}\n`);
}

function start(): ChildProcess {
  const args = ['bin/atlas-ingest.js', 'run', '--ocs', 'orders', '--metadata', join(home, 'metadata'), '-q'];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));
const hidden = (): readonly string[] => readdirSync(out).filter((name) => name.startsWith('.'));
const checksum = (): string => createHash('sha256').update(readFileSync(target)).digest('hex').slice(0, 16);

function look(when: string): string {
  const sum = checksum();
  console.log(
    `${when}\n    out/orders.parquet  sha256 ${sum}…\n    hidden files        ${hidden().length === 0 ? 'none' : hidden().join(', ')}`,
  );
  return sum;
}

function insist(holds: boolean, promise: string): void {
  if (!holds) throw new Error(`broken promise: ${promise}`);
}

mkdirSync(join(home, 'metadata'));
const features = [
  { name: 'id', type: 'int64' },
  { name: 'day', type: 'date' },
  { name: 'amount', type: 'int32' },
  { name: 'remark', type: 'string' },
];
const dataset = {
  name: 'orders',
  source: { type: 'csv', path: 'orders.csv', slice_bytes: 1_000_000, features },
  destination: { type: 'parquet', path: 'out/orders.parquet' },
};
writeFileSync(
  join(home, 'metadata', 'orders.json'),
  JSON.stringify({ version: 1, ocs: 'orders', dataset_config: [dataset] }),
);

try {
  writeInput(1);
  insist((await ended(start())) === 0, 'the first load succeeds');
  const before = look('1. Monday is loaded.');

  writeInput(2);
  const victim = start();
  const end = ended(victim);
  let over = false;
  void end.then(() => {
    over = true;
  });
  while (!over && !hidden().some((name) => name.endsWith('.atlas-draft'))) await sleep(1);
  victim.kill('SIGKILL');
  await end;
  const between = look("2. Tuesday's load was killed with SIGKILL while it was writing.");
  insist(over ? victim.signalCode === 'SIGKILL' : true, 'the load was still running when it was killed');
  insist(between === before, 'the old file is untouched');

  insist((await ended(start())) === 0, 'the next load succeeds');
  const after = look('3. The same command again: it cleaned up after the dead one, and Tuesday is loaded.');
  insist(after !== before, 'the new file is published');
  insist(hidden().length === 0, 'no orphan is left');
  console.log('A reader saw Monday until the very moment it saw Tuesday.');
} finally {
  rmSync(home, { recursive: true, force: true });
}
