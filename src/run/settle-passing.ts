import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Sink } from '../flow/sink.ts';
import type { Abortable } from '../flow/source.ts';
import { decodeAll } from './decode-all.ts';
import type { Ground } from './ground.ts';

/** The plan, or one by which every row is decoded: pieces of files go only where they become what decoded rows would. */
export async function settlePassing(
  plan: DatasetPlan,
  { sink, ground }: { readonly sink: Pick<Sink, 'takesFiles'>; readonly ground: Pick<Ground, 'ready'> },
  options: Abortable,
): Promise<DatasetPlan> {
  const { source } = plan;
  if (source.type !== 'parquet' || source.pass === undefined) return plan;
  // what the target is like may change until it is held
  await ground.ready();
  return (await sink.takesFiles?.(options)) === true ? plan : decodeAll(plan);
}
