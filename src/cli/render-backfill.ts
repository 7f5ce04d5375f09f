import type { BackfillResult } from '../run/run-backfill.ts';
import type { RunCommandOptions } from './command-options.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { renderFailure } from './render-failure.ts';
import { renderTable, type TableColumn } from './render-table.ts';
import { snakeKeys } from './snake-keys.ts';
import { humanCount } from './units.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'dataset', align: 'left' },
  { title: 'from', align: 'left' },
  { title: 'to before', align: 'left' },
  { title: 'rows read', align: 'right' },
  { title: 'published', align: 'right' },
  { title: 'rejected', align: 'right' },
  { title: 'status', align: 'left' },
  { title: 'run', align: 'left' },
];

const STATUS = { published: 'ok', skipped: 'skipped', failed: 'FAILED' } as const;

/** What became of a backfill, a line for each chunk; the failure of the last one on standard error. With `--json` one line. */
export function renderBackfill(
  { exitCode, chunks, planned }: BackfillResult,
  { ocs, json, quiet, log }: Pick<RunCommandOptions, 'ocs' | 'json' | 'quiet' | 'log'>,
  io: Io,
): void {
  for (const { receipt } of log === 'text' ? chunks : []) {
    if (receipt.outcome === 'failed' || !quiet) io.stderr.write(renderFailure(receipt, io));
  }
  if (json) {
    const told = chunks.map(({ from, to, run, receipt }) => ({ from, to, run, ...(snakeKeys(receipt) as object) }));
    io.stdout.write(`${JSON.stringify({ backfill_version: 1, ocs, exit_code: exitCode, planned, chunks: told })}\n`);
    return;
  }
  if (quiet) return;
  const rows = chunks.map(({ from, to, run, receipt: { dataset, rows: counts, outcome } }) => [
    dataset,
    from,
    to,
    humanCount(counts.read),
    humanCount(counts.published),
    humanCount(counts.rejected),
    STATUS[outcome],
    run,
  ]);
  const [titles = '', ...lines] = renderTable(COLUMNS, rows, { width: 140 });
  const left = planned - chunks.length;
  const rest = left === 0 ? [] : [`${left} of ${planned} chunks are left: the same command goes on with them`];
  io.stdout.write(`${[paintFor(io.stdout).bold(titles), ...lines, ...rest].join('\n')}\n`);
}
