import type { RunCommandOptions } from './command-options.ts';
import type { Io } from './io.ts';
import type { Reporter } from './reporter.ts';

/** The reporter that fits: none with `-q`, JSON lines, a live display on a terminal, else a line now and then. */
export async function openReporter(options: Pick<RunCommandOptions, 'quiet' | 'log'>, io: Io): Promise<Reporter> {
  if (options.log === 'json') return new (await import('./json-reporter.ts')).JsonReporter(io, options.quiet);
  if (options.quiet) return { hear: () => {}, [Symbol.dispose]: () => {} };
  if (io.stderr.isTTY && io.env['TERM'] !== 'dumb') return new (await import('./live-reporter.ts')).LiveReporter(io);
  return new (await import('./line-reporter.ts')).LineReporter(io);
}
