import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A Node program to measure: script and arguments. */
export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One whole process, from spawn to exit. */
export interface Measurement {
  readonly seconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly stdout: string;
}

/** Runs a command in a process of its own and measures it; fails with its stderr where it fails. */
export async function measure({ args, env }: Command): Promise<Measurement> {
  const usage = join(tmpdir(), `atlas-ingest-usage-${process.pid}.json`);
  const preload = new URL('./report-usage.js', import.meta.url).href;
  const start = performance.now();
  const child = spawn(process.execPath, ['--import', preload, ...args], {
    // certificates that Node would parse at every start are this machine's, not the program's
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...env, BENCH_USAGE: usage },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let end = 0;
  child.once('exit', () => {
    end = performance.now();
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject)),
  ]);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}\n${stderr.slice(-2000)}`);
  const { cpuSeconds, peakBytes } = JSON.parse(readFileSync(usage, 'utf8')) as Measurement;
  rmSync(usage);
  return { seconds: (end - start) / 1000, cpuSeconds, peakBytes, stdout };
}

/** Runs another program and measures it as well as `/proc` tells from outside: its memory and CPU time as of its last 20 ms. */
export async function measureProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measurement> {
  const start = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [cpuSeconds, peakBytes] = [0, 0];
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const times = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      peakBytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024 || peakBytes;
      cpuSeconds = (Number(times[11]) + Number(times[12])) / 100;
    } catch {
      // It has ended, or this is not Linux.
    }
  }, 20);
  let end = 0;
  child.once('exit', () => {
    end = performance.now();
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject)),
  ]);
  clearInterval(watch);
  if (code !== 0) throw new Error(`${program} ended with ${code}\n${stderr.slice(-2000)}`);
  return { seconds: (end - start) / 1000, cpuSeconds, peakBytes, stdout };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Path of a compiled sibling script. */
export function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
