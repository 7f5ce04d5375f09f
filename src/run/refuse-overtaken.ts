import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Ledger } from '../flow/ledger.ts';

/**
 * Refuses to publish what was compared with an older run than the last one (`judgedBy`: its id): another may have published between the
 * look at the inputs and the lock. Fails with ATLAS_TARGET_LOCKED.
 */
export async function refuseOvertaken(
  { ocs, dataset }: DatasetPlan,
  judgedBy: string | null,
  target: string,
  ledger: Pick<Ledger, 'lastPublished'>,
): Promise<void> {
  const last = await ledger.lastPublished(ocs, dataset);
  if ((last?.run ?? null) === judgedBy) return;
  const before = judgedBy === null ? 'nothing' : `run ${judgedBy}`;
  const message = `run ${last?.run} published ${dataset} while this run, which had compared its inputs with ${before}, waited for the target`;
  throw new AtlasError('ATLAS_TARGET_LOCKED', message, { place: { file: target } });
}
