import type { Io, Output } from '../../src/cli/io.ts';

/** Surroundings that record what a command prints. */
export interface RecordedIo extends Io {
  readonly printed: { out: string; err: string };
}

/** Surroundings in a folder, without colours or a terminal. */
export function recordedIo(cwd: string, env: Readonly<Record<string, string>> = {}): RecordedIo {
  const printed = { out: '', err: '' };
  const output = (key: 'out' | 'err'): Output => ({
    write: (text) => {
      printed[key] += text;
    },
    isTTY: false,
    columns: 100,
    colour: false,
  });
  return { stdout: output('out'), stderr: output('err'), env, cwd, now: () => 0, printed };
}
