import type { Encoder } from '../flow/encoder.ts';
import type { Fragment } from '../flow/fragment.ts';
import type { Delivery } from '../flow/source.ts';

type Batch = Delivery['batch'];

/** Turns the batches of a task into row groups; where it cuts is a function of the batches and the plan only. */
export interface GroupCutter extends Disposable {
  /** Takes the first `rows` rows of a batch and answers the row groups that are now full; the batch may then be released. */
  add(batch: Batch, rows: number): Iterable<Fragment>;
  /** The rest, at the end of a task. */
  finish(): Iterable<Fragment>;
  /** Forgets what an abandoned task left behind. */
  reset(): void;
}

export interface GroupBounds {
  /** A row group has at most this many rows … */
  readonly rows: number;
  /** … and at most this many bytes of values, unless one row alone has more. */
  readonly bytes: number;
}

/** Cuts at the bounds, and wherever a batch says that the group ends. */
export class BoundedCutter implements GroupCutter {
  readonly #encoder: Encoder;
  readonly #bounds: GroupBounds;

  constructor(encoder: Encoder, bounds: GroupBounds) {
    this.#encoder = encoder;
    this.#bounds = bounds;
  }

  *add(batch: Batch, rows: number): Generator<Fragment, void, void> {
    for (let from = 0; from < rows; ) {
      const to = this.#fit(batch, from, rows);
      if (to > from) this.#encoder.append(batch, from, to);
      if (to < rows) yield* this.finish();
      from = to;
    }
    if (batch.closesGroup) yield* this.finish();
  }

  *finish(): Generator<Fragment, void, void> {
    const fragment = this.#encoder.finish();
    if (fragment) yield fragment;
  }

  reset(): void {
    if (this.#encoder.rows > 0) this.#encoder.finish();
  }

  [Symbol.dispose](): void {
    this.#encoder[Symbol.dispose]();
  }

  /** The last row, exclusive, that still goes into the open row group; at least one goes into an empty one. */
  #fit(batch: Batch, from: number, rows: number): number {
    const room = this.#bounds.bytes - this.#encoder.rawBytes;
    let high = Math.min(rows, from + this.#bounds.rows - this.#encoder.rows);
    if (high <= from) return from;
    if (this.#encoder.measure(batch, from, high) <= room) return high;
    let low = from;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#encoder.measure(batch, from, middle) <= room) low = middle;
      else high = middle;
    }
    return low === from && this.#encoder.rows === 0 ? from + 1 : low;
  }
}
