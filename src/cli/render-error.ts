import { AtlasError, type Place } from '../errors.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { renderProblems } from './render-problems.ts';

/** Says what went wrong, where, what to do and where to read on; answers the exit code. */
export function renderError(error: unknown, io: Pick<Io, 'stderr' | 'env'> & Partial<Pick<Io, 'cwd'>>): number {
  const paint = paintFor(io.stderr);
  const known =
    error instanceof AtlasError
      ? error
      : new AtlasError('ATLAS_INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
  if (known.problems.length > 1) io.stderr.write(renderProblems(known.problems, 'error', paint, io.cwd ?? '/'));
  const lines = [`${paint.red('error')} ${paint.bold(known.code)}: ${known.message}`];
  const where = renderPlace(known.place);
  if (where) lines.push(`  ${paint.dim('at')}   ${where}`);
  if (known.hint) lines.push(`  ${paint.dim('hint')} ${known.hint}`);
  const cause = rootCause(known);
  if (cause) lines.push(`  ${paint.dim('from')} ${cause}`);
  lines.push(`  ${paint.dim('more')} atlas-ingest explain ${known.code}`);
  if (known.code === 'ATLAS_INTERNAL' || io.env['ATLAS_DEBUG']) lines.push(stackOf(known));
  io.stderr.write(`${lines.join('\n')}\n`);
  return known.exit;
}

/** `file:line:column (path)`, as far as it is known. */
export function renderPlace(place: Place): string {
  const { file, line, column, path } = place;
  let text = file ?? '';
  if (line !== undefined) text += text ? `:${line}` : `line ${line}`;
  if (typeof column === 'number') text += `:${column}`;
  else if (column !== undefined) text += `${text ? ', ' : ''}column ${column}`;
  if (path) text += text ? ` (${path})` : path;
  return text;
}

function rootCause(error: AtlasError): string | null {
  let cause: unknown = error.cause;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  if (!(cause instanceof Error) || error.message.includes(cause.message)) return null;
  return cause.message.split('\n', 1)[0] ?? null;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : '';
  return `${error.stack ?? ''}${cause}`;
}
