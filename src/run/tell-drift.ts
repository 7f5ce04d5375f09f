import type { Drift } from '../flow/drift.ts';
import type { RunEvent } from '../flow/run-event.ts';
import { hasDrifted } from '../plan/drift/has-drifted.ts';

/** What drifted: warnings where that is news, notes where the run before said so already. */
export function tellDrift(dataset: string, drift: Drift | null, before: Drift | null): readonly RunEvent[] {
  const news = hasDrifted(drift, before);
  return (drift?.notes ?? []).map(
    (message): RunEvent =>
      news ? { type: 'warning', dataset, code: 'ATLAS_DRIFT_FOUND', message } : { type: 'note', dataset, message },
  );
}
