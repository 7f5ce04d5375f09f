import { CODES, type ErrorCode } from '../errors.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { renderPlace } from './render-error.ts';
import { shortPath } from './render-receipts.ts';
import { renderTable } from './render-table.ts';
import { humanCount } from './units.ts';

/** Groups of bad rows that are listed; the rest is counted. */
const LISTED = 10;

/** What went wrong with one dataset of a run: message, place, what the bad rows were, where they are, what to do. */
export function renderFailure(receipt: Receipt, io: Pick<Io, 'stderr' | 'cwd'>): string {
  const { dataset, error, rejects, outcome } = receipt;
  if (error === null) return '';
  const paint = paintFor(io.stderr);
  const word = outcome === 'skipped' ? paint.yellow('skipped') : paint.red('error');
  const lines = [`${word} ${paint.bold(error.code)}: ${dataset}: ${error.message}`];
  const where = renderPlace(error.place ?? {});
  if (where) lines.push(`  ${paint.dim('at')}   ${where}`);
  if (rejects.byCode.length > 0) lines.push(...rejectLines(receipt));
  if (rejects.path !== null) lines.push(`  ${paint.dim('rows')} ${shortPath(rejects.path, io.cwd)}`);
  const hint = error.hint ?? hintOf(error.code);
  if (hint) lines.push(`  ${paint.dim('hint')} ${hint}`);
  lines.push(`  ${paint.dim('more')} atlas-ingest explain ${error.code}`);
  return `${lines.join('\n')}\n`;
}

function rejectLines({ rejects }: Receipt): string[] {
  const shown = rejects.byCode.slice(0, LISTED);
  const rows = shown.map(({ count, code, column }) => [humanCount(count), code, column ?? '(whole row)']);
  const lines = renderTable(
    [
      { title: 'rows', align: 'right' },
      { title: 'code', align: 'left' },
      { title: 'column', align: 'left' },
    ],
    rows,
    { width: 100, indent: '       ' },
  );
  const left = rejects.byCode.length - shown.length;
  return left > 0 ? [...lines, `       and ${left} more kinds`] : lines;
}

function hintOf(code: string): string {
  return Object.hasOwn(CODES, code) ? CODES[code as ErrorCode].hint : '';
}
