import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { RunEvent } from '../flow/run-event.ts';

/** The warning about rows that were set aside: how many, where they are, and how they go on. */
export function tellRejects(
  { source }: DatasetPlan,
  { dataset, rows, rejects }: Receipt,
  run: string,
  again: boolean,
): RunEvent {
  const next = source.type === 'csv' ? ` (mended there, they go on with: atlas-ingest replay ${run})` : '';
  return {
    type: 'warning',
    dataset,
    code: 'ATLAS_REJECTS_FOUND',
    message: `${rows.rejected} of ${rows.read} rows were rejected${again ? ' again' : ''}; they are in ${rejects.path}${next}`,
  };
}
