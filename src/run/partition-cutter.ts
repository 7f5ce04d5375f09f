import type { Fragment } from '../flow/fragment.ts';
import type { PartitionRouter } from '../flow/partition-router.ts';
import type { Delivery } from '../flow/source.ts';
import type { GroupCutter } from './group-cutter.ts';

type Batch = Delivery['batch'];

/** Cuts row groups per partition: holds rows up to a bound, then encodes them partition by partition. */
export class PartitionCutter implements GroupCutter {
  readonly #router: PartitionRouter;
  readonly #inner: GroupCutter;
  readonly #holdBytes: number;

  /** At most `holdBytes` and one batch are held; `inner` cuts what comes out, and is this one's to dispose. */
  constructor(router: PartitionRouter, inner: GroupCutter, holdBytes: number) {
    this.#router = router;
    this.#inner = inner;
    this.#holdBytes = holdBytes;
  }

  *add(batch: Batch, rows: number): Generator<Fragment, void, void> {
    this.#router.hold(batch, rows);
    if (batch.closesGroup || this.#router.heldBytes >= this.#holdBytes) yield* this.finish();
  }

  *finish(): Generator<Fragment, void, void> {
    let open: string | null = null;
    for (const { partition, batch } of this.#router.drain()) {
      if (open !== null && open !== partition) yield* named(this.#inner.finish(), open);
      open = partition;
      yield* named(this.#inner.add(batch, batch.rows), partition);
    }
    if (open !== null) yield* named(this.#inner.finish(), open);
  }

  reset(): void {
    this.#router.reset();
    this.#inner.reset();
  }

  [Symbol.dispose](): void {
    this.#inner[Symbol.dispose]();
  }
}

function* named(fragments: Iterable<Fragment>, partition: string): Generator<Fragment, void, void> {
  for (const fragment of fragments) yield { ...fragment, partition };
}
