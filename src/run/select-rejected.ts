import { AtlasError } from '../errors.ts';
import type { RunRecord } from '../flow/ledger.ts';
import type { Receipt } from '../flow/receipt.ts';

/**
 * The receipts of a run whose rejects can be replayed: published, with rejects left; all of them, or those of the datasets named.
 * Fails with ATLAS_REPLAY_NOTHING, saying why, where there is none or one that was named is none.
 */
export function selectRejected(
  run: RunRecord,
  receipts: readonly Receipt[],
  datasets: readonly string[],
): readonly Receipt[] {
  for (const name of datasets) {
    const receipt = receipts.find(({ dataset }) => dataset === name);
    if (!receipt) {
      const names = receipts.map(({ dataset }) => dataset).join(', ') || 'none';
      throw nothing(`run ${run.id} has no dataset ${JSON.stringify(name)}; it has ${names}`);
    }
    if (!isReplayable(receipt)) throw unable(run, receipt);
  }
  const wanted = receipts.filter(({ dataset }) => datasets.length === 0 || datasets.includes(dataset));
  const found = wanted.filter(isReplayable);
  if (found.length > 0) return found;
  if (receipts.length === 0) {
    const what = run.exitCode === null ? 'it never ended, and nothing of it was settled' : 'it published nothing';
    throw nothing(`run ${run.id} left no rejects: ${what}`, 'Run the group again: it settles what was interrupted.');
  }
  const telling = receipts.find(({ rows, replays }) => rows.rejected > 0 || replays);
  throw unable(run, telling ?? (receipts[0] as Receipt));
}

function isReplayable({ outcome, rejects, rows }: Receipt): boolean {
  return outcome === 'published' && rejects.path !== null && rows.rejected > 0;
}

function unable(run: RunRecord, { dataset, outcome, rows, error, replays }: Receipt): AtlasError {
  if (outcome !== 'published' && replays) {
    const message = `run ${run.id} published nothing of ${dataset}: its rejects are those of run ${replays.run} still`;
    return nothing(message, `Mend them there, then: atlas-ingest replay ${replays.run}`);
  }
  if (outcome === 'published' || rows.rejected === 0) {
    return nothing(`run ${run.id} left no rejects of ${dataset}`);
  }
  const why = error === null ? '' : ` (${error.code})`;
  return nothing(
    `run ${run.id} published nothing of ${dataset}${why}, so there is nothing to add its ${rows.rejected} rejects to`,
    'Mend the input, or let max_rejects bear them, and run the group again.',
  );
}

function nothing(message: string, hint?: string): AtlasError {
  return new AtlasError('ATLAS_REPLAY_NOTHING', message, hint === undefined ? {} : { hint });
}
