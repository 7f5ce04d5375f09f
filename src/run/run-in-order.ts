import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Receipt } from '../flow/receipt.ts';

/** Runs one dataset; `failed` names a dataset it needs that was not published, or null. */
export type RunOne = (plan: DatasetPlan, failed: string | null) => Promise<Receipt>;

/**
 * Runs datasets in document order, at most `atOnce` at a time; each starts once all that it needs have ended. Answers the
 * receipts in document order. Where `runOne` throws, nothing more is started, and what runs is waited for.
 */
export async function runInOrder(
  plans: readonly DatasetPlan[],
  atOnce: number,
  runOne: RunOne,
): Promise<readonly Receipt[]> {
  const receipts = new Map<string, Receipt>();
  const waiting = [...plans];
  const selected = new Set(plans.map(({ dataset }) => dataset));
  const running = new Set<Promise<void>>();
  const broken: unknown[] = [];
  const start = (plan: DatasetPlan): void => {
    const failed = plan.needs.find((need) => isMissing(receipts.get(need))) ?? null;
    const work = runOne(plan, failed).then(
      (receipt) => {
        receipts.set(plan.dataset, receipt);
      },
      (error: unknown) => {
        broken.push(error);
      },
    );
    const tracked: Promise<void> = work.finally(() => running.delete(tracked));
    running.add(tracked);
  };
  while (broken.length === 0) {
    const index = waiting.findIndex((plan) => plan.needs.every((need) => receipts.has(need) || !selected.has(need)));
    if (index >= 0 && running.size < atOnce) start(waiting.splice(index, 1)[0] as DatasetPlan);
    else if (running.size > 0) await Promise.race(running);
    // all done; or a circle of needs, which the metadata refuses: nothing would ever start
    else break;
  }
  await Promise.all(running);
  if (broken.length > 0) throw broken[0];
  return plans.flatMap(({ dataset }) => receipts.get(dataset) ?? []);
}

/** Failed, or skipped because something failed; an input that was skipped as told is no failure. */
function isMissing(receipt: Receipt | undefined): boolean {
  return receipt !== undefined && (receipt.outcome === 'failed' || receipt.error !== null);
}
