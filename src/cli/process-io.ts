import type { Io, Output } from './io.ts';

/** The surroundings of this very process. */
export function processIo(): Io {
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    now: Date.now,
  };
}

function output(stream: NodeJS.WriteStream): Output {
  const isTTY = stream.isTTY === true;
  return {
    write: (text) => {
      stream.write(text);
    },
    isTTY,
    columns: stream.columns || 100,
    colour: wantsColour(process.env, isTTY),
  };
}

/** `NO_COLOR` (no-color.org: present and not empty) wins, then `FORCE_COLOR`, then whether it is a terminal that can. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return isTTY && env['TERM'] !== 'dumb';
}
