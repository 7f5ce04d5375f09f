import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Sink } from '../flow/sink.ts';
import type { Abortable } from '../flow/source.ts';
import { holdToTable } from '../plan/clickhouse/hold-to-table.ts';

export interface Bounding {
  readonly sink: Pick<Sink, 'ranges'>;
  /** Who was given the plan already, and is sent away where it becomes another. */
  readonly early: readonly (AsyncDisposable | null)[];
}

/** The plan, whose rows keep to what the columns of the target hold, where that is less than their types say: the plan itself where it is not. */
export async function boundByTable(
  plan: DatasetPlan,
  { sink, early }: Bounding,
  options: Abortable,
): Promise<DatasetPlan> {
  const ranges = await sink.ranges?.(options);
  const bounded = ranges === undefined ? plan : holdToTable(plan, ranges);
  if (bounded !== plan) for (const each of early) await each?.[Symbol.asyncDispose]();
  return bounded;
}
