import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Ledger } from '../flow/ledger.ts';
import type { Sink } from '../flow/sink.ts';
import type { Abortable } from '../flow/source.ts';
import { refuseOtherColumns } from '../plan/refuse-other-columns.ts';

/**
 * Holds the columns of a plan that adds to a folder against those of what is there: by the receipt of the run that published there last,
 * if its files are there, else by the footer of a file. Call it before anything is read. Fails with ATLAS_TARGET_SCHEMA.
 */
export async function examineHeld(
  plan: DatasetPlan,
  { sink, ledger }: { readonly sink: Sink; readonly ledger: Ledger | null },
  { signal }: Abortable,
): Promise<void> {
  const { mode, type } = plan.destination;
  // a table tells its columns itself
  if (type === 'clickhouse') return sink.checkColumns({ signal });
  if (mode !== 'append' && mode !== 'replace_partitions') return;
  const last = (await ledger?.lastAt(sink.target)) ?? null;
  const held = last === null ? 'none' : await sink.holds(last, { signal });
  if (last !== null && held !== 'none') refuseOtherColumns(plan, last);
  else await sink.checkColumns({ signal });
}
