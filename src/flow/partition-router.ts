import type { Batch } from '../batch/batch.ts';

/** Sorts the rows of many batches by partition, within one kernel. */
export interface PartitionRouter {
  /** Raw bytes of the rows held. */
  readonly heldBytes: number;
  /** Takes a copy of the first `rows` rows; the batch may be released afterwards. */
  hold(batch: Batch, rows: number): void;
  /** Hands out what is held, partition by partition, and forgets it; a batch is valid until the next one is asked for. */
  drain(): Iterable<{ readonly partition: string; readonly batch: Batch }>;
  reset(): void;
}
