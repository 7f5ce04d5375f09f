import type { Reason } from './reason.ts';

/** Why a row could not be taken. */
export interface BadRow {
  /** Number of the feature; null where it is no single one. */
  readonly feature: number | null;
  readonly reason: Reason;
}

/** The rows of a batch that cannot be taken, each by the first reason that was found. */
export class BadRows {
  readonly #rows = new Map<number, BadRow>();

  get count(): number {
    return this.#rows.size;
  }

  add(row: number, feature: number | null, reason: Reason): void {
    if (!this.#rows.has(row)) this.#rows.set(row, { feature, reason });
  }

  has(row: number): boolean {
    return this.#rows.has(row);
  }

  /** In the order of the rows. */
  inOrder(): readonly (readonly [number, BadRow])[] {
    return [...this.#rows].sort(([a], [b]) => a - b);
  }

  /** The others, of so many rows. */
  goodRows(rows: number): Uint32Array {
    const good = new Uint32Array(rows - this.#rows.size);
    let count = 0;
    for (let row = 0; row < rows; row += 1) {
      if (this.#rows.has(row)) continue;
      good[count] = row;
      count += 1;
    }
    return good;
  }

  clear(): void {
    this.#rows.clear();
  }
}
