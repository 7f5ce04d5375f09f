import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/atlas-ingest.js', import.meta.url));

export interface Ended {
  /** null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is run instead of the command itself. */
  readonly program?: string;
  /** Called once the process is there. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with all that has come on standard error so far. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
}

/** Runs the real command line in a process of its own, with none of the surroundings' ATLAS_ variables. */
export function cli(args: readonly string[], options: CliOptions): Promise<Ended> {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(ATLAS_|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|VITEST)/.test(name),
  );
  const env = { ...Object.fromEntries(clean), ...options.env };
  const program = options.program ?? BIN;
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  options.onStart?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, child);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
