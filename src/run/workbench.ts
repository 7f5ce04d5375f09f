import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Source } from '../flow/source.ts';
import { type LaneOptions, openLaneParts } from '../registry.ts';
import { BoundedCutter, type GroupCutter } from './group-cutter.ts';
import { PartitionCutter } from './partition-cutter.ts';

/** What a lane works with: a source, and an encoder over the same kernel instance. */
export interface Workbench extends AsyncDisposable {
  readonly source: Source;
  readonly cutter: GroupCutter;
}

/** Opens the workbench of a plan in this thread. */
export async function openWorkbench(plan: DatasetPlan, options: LaneOptions): Promise<Workbench> {
  const { source, encoder, router, bounds } = await openLaneParts(plan, options);
  const plain = new BoundedCutter(encoder, bounds);
  const cutter = router ? new PartitionCutter(router, plain, bounds.bytes) : plain;
  return {
    source,
    cutter,
    async [Symbol.asyncDispose]() {
      cutter[Symbol.dispose]();
      await source[Symbol.asyncDispose]();
    },
  };
}
