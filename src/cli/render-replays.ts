import type { Receipt } from '../flow/receipt.ts';
import { describeReplay } from '../run/dataset-replay.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { shortPath } from './render-receipts.ts';
import { renderTable } from './render-table.ts';
import { humanCount } from './units.ts';

/** What became of the rejects of a run, and what remains of them, where, and why. */
export function renderReplays(receipts: readonly Receipt[], io: Pick<Io, 'stdout' | 'cwd'>): string {
  const paint = paintFor(io.stdout);
  const lines: string[] = [];
  for (const receipt of receipts) {
    const { dataset, rows, rejects, replays, run, outcome } = receipt;
    if (!replays || outcome === 'failed') continue;
    lines.push('', `${paint.bold(dataset)}  ${describeReplay(receipt)}`);
    if (rows.rejected === 0) continue;
    const kinds = rejects.byCode.map(({ count, code, column }) => [humanCount(count), code, column ?? '(whole row)']);
    lines.push(
      ...renderTable(
        [
          { title: 'remain', align: 'right' },
          { title: 'code', align: 'left' },
          { title: 'column', align: 'left' },
        ],
        kinds,
        { width: 100, indent: '  ' },
      ),
    );
    if (rejects.path !== null) lines.push(`  ${paint.dim('in')}   ${shortPath(rejects.path, io.cwd)}`);
    const next = outcome === 'published' ? run : replays.run;
    lines.push(`  ${paint.dim('next')} mend them there, then: atlas-ingest replay ${next}`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
