import type { Batch } from '../../batch/batch.ts';
import { rawBytesOf } from '../../batch/raw-bytes.ts';
import type { Schema } from '../../batch/schema.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type HeldBatch, holdBatch } from './held-batch.ts';
import { PartitionIndex } from './partition-index.ts';
import { ScratchBatch, scratchBytes } from './scratch-batch.ts';

/** Columns that arrive, and the ones among them that become folders, outermost first. */
export interface RouterPlan {
  readonly schema: Schema;
  readonly partitionBy: readonly string[];
  /** Texts of one row have at most so many bytes in all. */
  readonly textBytes: number;
}

/** Bytes of kernel memory that a router allocates. */
export function routerReserve({ schema, partitionBy, textBytes }: RouterPlan): number {
  return scratchBytes(storedSchema(schema, partitionBy), textBytes);
}

/**
 * Sorts rows by partition: holds copies of batches, then hands them out partition by partition (by path), the rows of each
 * in the order they came. What it holds is the caller's to bound, by `heldBytes`.
 */
export class PartitionRouter {
  readonly #columns: readonly number[];
  readonly #keys: readonly number[];
  readonly #scratch: ScratchBatch;
  #index: PartitionIndex;
  #held: { readonly batch: HeldBatch }[] = [];
  #heldBytes = 0;

  constructor(plan: RouterPlan, kernel: Kernel) {
    const names = plan.schema.fields.map(({ name }) => name);
    this.#keys = plan.partitionBy.map((name) => names.indexOf(name));
    this.#columns = names.flatMap((name, index) => (plan.partitionBy.includes(name) ? [] : [index]));
    this.#scratch = new ScratchBatch(kernel, storedSchema(plan.schema, plan.partitionBy), plan.textBytes);
    this.#index = new PartitionIndex(this.#keys);
  }

  /** Raw bytes of the rows held. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes a copy of the first `rows` rows; the batch may be released afterwards. Fails with ATLAS_PARTITIONS or ATLAS_PARTITION_VALUE. */
  hold(batch: Batch, rows: number): void {
    if (rows === 0) return;
    const numbers = this.#index.number(batch, rows);
    this.#held.push({ batch: holdBatch(batch, this.#columns, numbers, this.#index.paths.length) });
    this.#heldBytes += rawBytesOf(batch, 0, rows);
  }

  /** Hands out what is held, and forgets it. A batch is valid until the next one is asked for. */
  *drain(): Generator<{ readonly partition: string; readonly batch: Batch }, void, void> {
    const { paths } = this.#index;
    const held = this.#held;
    this.reset();
    const sorted = [...paths.keys()].sort((a, b) => ((paths[a] as string) < (paths[b] as string) ? -1 : 1));
    for (const number of sorted) {
      const partition = paths[number] as string;
      for (const { batch } of held) {
        const to = batch.starts[number + 1] ?? 0;
        for (let from = batch.starts[number] ?? 0; from < to; ) {
          const gathered = this.#scratch.gather(batch, from, to);
          yield { partition, batch: gathered };
          from += gathered.rows;
        }
      }
    }
  }

  reset(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#index = new PartitionIndex(this.#keys);
  }
}

function storedSchema({ fields }: Schema, partitionBy: readonly string[]): Schema {
  return { fields: fields.filter(({ name }) => !partitionBy.includes(name)) };
}
