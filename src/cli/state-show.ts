import type { Watermark, WatermarkChange } from '../flow/watermark.ts';
import type { StateShowOptions } from './command-options.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { shortPath } from './render-receipts.ts';
import { renderTable, type TableColumn } from './render-table.ts';
import { snakeKeys } from './snake-keys.ts';
import { withLedger } from './with-ledger.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'dataset', align: 'left' },
  { title: 'column', align: 'left' },
  { title: 'watermark', align: 'left' },
  { title: 'first began above', align: 'left' },
  { title: 'moved (UTC)', align: 'left' },
  { title: 'by', align: 'left' },
];

/** `atlas-ingest state show`: how far the incremental datasets of a group came, and what was set by hand. */
export async function stateShow({ ocs, dataset, ...options }: StateShowOptions, io: Io): Promise<number> {
  return withLedger(options, io, async (ledger, name) => {
    const watermarks = (await ledger?.watermarks({ ocs, dataset })) ?? [];
    const changes = (await ledger?.watermarkChanges({ ocs, dataset })) ?? [];
    if (options.json) {
      io.stdout.write(`${JSON.stringify({ state_version: 1, ocs, ...snakeOf(watermarks, changes) })}\n`);
      return 0;
    }
    if (watermarks.length === 0 && changes.length === 0) {
      io.stdout.write(`no watermarks of ${dataset === null ? ocs : `${dataset} of ${ocs}`} (${name})\n`);
      return 0;
    }
    const paint = paintFor(io.stdout);
    const [titles = '', ...rows] = renderTable(COLUMNS, watermarks.map(rowOf), { width: 120 });
    const targets = watermarks.map(
      (each) => `${each.dataset}  ${each.path} ${paint.dim('->')} ${shortPath(each.target, io.cwd)}`,
    );
    io.stdout.write(`${[paint.bold(titles), ...rows, '', ...targets].join('\n')}\n`);
    if (changes.length > 0) io.stdout.write(`\n${changes.map(describeChange).join('\n')}\n`);
    return 0;
  });
}

/** That a watermark was set by hand, in a line. */
export function describeChange({ at, dataset, before, after, who, why }: WatermarkChange): string {
  return `${minute(at)}  ${dataset}: set from ${before ?? 'none'} to ${after ?? 'the start'} by ${who}: ${why}`;
}

function rowOf({ dataset, column, value, floor, run, at }: Watermark): string[] {
  return [dataset, column, value ?? 'none yet', floor ?? 'the first row', minute(at), run ?? 'hand'];
}

function minute(at: string): string {
  return at.replace('T', ' ').slice(0, 16);
}

function snakeOf(watermarks: readonly Watermark[], changes: readonly WatermarkChange[]): object {
  return snakeKeys({ watermarks, changes }) as object;
}
