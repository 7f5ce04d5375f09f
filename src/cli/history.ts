import type { Ledger, RunRecord } from '../flow/ledger.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { HistoryOptions } from './command-options.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { renderTable, type TableColumn } from './render-table.ts';
import { snakeKeys } from './snake-keys.ts';
import { describeChange } from './state-show.ts';
import { humanBytes, humanCount } from './units.ts';
import { withLedger } from './with-ledger.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'run', align: 'left' },
  { title: 'group', align: 'left' },
  { title: 'started (UTC)', align: 'left' },
  { title: 'status', align: 'left' },
  { title: 'published', align: 'right' },
  { title: 'rejected', align: 'right' },
  { title: 'out', align: 'right' },
  { title: '', align: 'left' },
];

/** `atlas-ingest history`: past runs, the newest first. */
export async function history(options: HistoryOptions, io: Io): Promise<number> {
  return withLedger(options, io, async (ledger, path) => {
    const runs = ledger ? await ledger.runs({ ocs: options.ocs, limit: options.limit }) : [];
    const listed: { readonly run: RunRecord; readonly receipts: readonly Receipt[] }[] = [];
    for (const run of runs) listed.push({ run, receipts: (await ledger?.receipts(run.id)) ?? [] });
    if (options.json) {
      const lines = listed.map(({ run, receipts }) => ({ ...run, ...sumOf(receipts) }));
      io.stdout.write(`${JSON.stringify({ history_version: 1, runs: snakeKeys(lines) })}\n`);
    } else if (listed.length === 0) io.stdout.write(`no runs yet (${path})\n`);
    else {
      const replays = listed.some(({ receipts }) => receipts.some((each) => each.replays));
      const [titles = '', ...rows] = renderTable(COLUMNS, listed.map(rowOf), { width: replays ? 120 : 100 });
      const changes = await changesOf(ledger, options.ocs === null ? listed.map(({ run }) => run.ocs) : [options.ocs]);
      const byHand = changes.length === 0 ? [] : ['', 'watermarks set by hand', ...changes];
      io.stdout.write(`${[paintFor(io.stdout).bold(titles), ...rows, ...byHand].join('\n')}\n`);
    }
    return 0;
  });
}

/** What was set by hand in groups, the newest first in each. */
async function changesOf(ledger: Ledger | null, groups: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const ocs of new Set(groups)) {
    const changes = (await ledger?.watermarkChanges({ ocs, dataset: null })) ?? [];
    lines.push(...changes.map((each) => `${ocs}  ${describeChange(each)}`));
  }
  return lines;
}

function sumOf(receipts: readonly Receipt[]) {
  const sum = (of: (receipt: Receipt) => number): number => receipts.reduce((total, each) => total + of(each), 0);
  return {
    datasets: receipts.length,
    rowsPublished: sum(({ rows }) => rows.published),
    rowsRejected: sum(({ rows }) => rows.rejected),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    replays: receipts.find(({ replays }) => replays)?.replays?.run ?? null,
  };
}

function rowOf({ run, receipts }: { readonly run: RunRecord; readonly receipts: readonly Receipt[] }): string[] {
  const { rowsPublished, rowsRejected, bytesOut, replays } = sumOf(receipts);
  return [
    run.id,
    run.ocs,
    run.startedAt.replace('T', ' ').slice(0, 16),
    run.exitCode === null ? 'never ended' : `${run.status} (${run.exitCode})`,
    humanCount(rowsPublished),
    humanCount(rowsRejected),
    humanBytes(bytesOut),
    // what follows the time of day is enough to find a run by
    replays === null ? '' : `replays ${replays.split('-').at(-1)}`,
  ];
}
