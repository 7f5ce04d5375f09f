import type { Receipt } from '../flow/receipt.ts';
import { incrementalOf } from './incremental/begin-at.ts';
import { type Backfill, chunksOf } from './incremental/chunks-of.ts';
import { refuseOthers } from './incremental/refuse-others.ts';
import { runGroup } from './run-group.ts';
import type { RunOptions } from './run-options.ts';

/** One chunk of a backfill: a run of its own. */
export interface BackfilledChunk {
  readonly from: string;
  readonly to: string;
  readonly run: string;
  readonly receipt: Receipt;
}

export interface BackfillResult {
  readonly exitCode: number;
  /** Of all datasets; those after one that failed are missing. */
  readonly chunks: readonly BackfilledChunk[];
  /** Chunks in all. */
  readonly planned: number;
}

/**
 * Reads incremental datasets from one value to another, a run for each chunk: each is published, and has its receipt, before the next one
 * begins. Those that were published before are skipped, so that it can be started again. Ends at the first chunk that fails.
 */
export async function runBackfill(options: RunOptions, backfill: Backfill): Promise<BackfillResult> {
  refuseOthers(options.plans, '--from');
  const work = options.plans.flatMap((plan) => {
    const incremental = incrementalOf(plan)?.incremental;
    return incremental === undefined ? [] : chunksOf(backfill, incremental).map((order) => ({ plan, order }));
  });
  const chunks: BackfilledChunk[] = [];
  for (const { plan, order } of work) {
    const { run, exitCode, receipts } = await runGroup({ ...options, plans: [plan], incremental: order });
    for (const receipt of receipts) chunks.push({ from: order.from, to: order.to, run, receipt });
    if (exitCode !== 0) return { exitCode, chunks, planned: work.length };
  }
  return { exitCode: 0, chunks, planned: work.length };
}
