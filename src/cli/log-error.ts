import { AtlasError } from '../errors.ts';
import type { Io } from './io.ts';
import { logLine } from './log-line.ts';

/** Says as a line of JSON what ended a command; answers the exit code. */
export function logError(error: unknown, io: Pick<Io, 'stderr' | 'now'>): number {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof AtlasError ? error : new AtlasError('ATLAS_INTERNAL', message, { cause: error });
  const { code, place, hint, problems, exit } = known;
  io.stderr.write(logLine({ type: 'error', code, message, place, hint, problems, exitCode: exit }, io));
  return exit;
}
