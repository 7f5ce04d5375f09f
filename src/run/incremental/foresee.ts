import type { DatasetPlan } from '../../flow/dataset-plan.ts';
import type { Ledger } from '../../flow/ledger.ts';
import type { Abortable } from '../../flow/source.ts';
import { openSink, type Stores } from '../../registry.ts';
import { beginAt, incrementalOf } from './begin-at.ts';
import type { Beginning } from './beginning.ts';
import { type Backfill, chunksOf } from './chunks-of.ts';
import { describeRange } from './describe-range.ts';
import type { IncrementalOrder } from './incremental-order.ts';
import { withRange } from './with-range.ts';

/** What `plan` says of the next run of an incremental dataset. */
export interface Foresight {
  /** With the range that the run would read. */
  readonly plan: DatasetPlan;
  readonly beginning: Beginning;
  /** For people. */
  readonly lines: readonly string[];
}

export interface ForesightOptions extends Abortable {
  readonly ledger: Ledger | null;
  readonly stores: Stores;
  readonly order: Exclude<IncrementalOrder, { kind: 'chunk' }> | ({ readonly kind: 'backfill' } & Backfill) | null;
  readonly force: boolean;
}

/** Where the next run would begin, touching nothing; null for a dataset that is not incremental. Fails as `beginAt` does. */
export async function foresee(plan: DatasetPlan, options: ForesightOptions): Promise<Foresight | null> {
  const source = incrementalOf(plan);
  if (source === null) return null;
  const { ledger, stores, order, force, signal } = options;
  await using sink = await openSink(plan, { stores, signal });
  const pending = (await ledger?.pending(sink.target)) ?? [];
  const open = pending.map(
    ({ run }) => `run ${run} was interrupted: the next run settles it first, and may begin further on`,
  );
  const about = { ledger, sink, force, signal };
  if (order?.kind !== 'backfill') {
    const beginning = await beginAt(plan, { ...about, order });
    if (beginning === null) return null;
    return { plan: withRange(plan, beginning.range), beginning, lines: [...open, ...beginning.notes] };
  }
  const chunks = chunksOf(order, source.incremental);
  const [first = null] = chunks;
  const beginning = await beginAt(plan, { ...about, order: first });
  if (beginning === null) return null;
  const told = beginning.done ?? `the first reads rows ${describeRange(beginning.range)}`;
  const count = `${chunks.length} ${chunks.length === 1 ? 'chunk' : 'chunks'} from ${order.from} to before ${order.to}, a run each`;
  return { plan: withRange(plan, beginning.range), beginning, lines: [...open, count, told, ...beginning.notes] };
}
