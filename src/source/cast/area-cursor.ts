import { AtlasError } from '../../errors.ts';

/** Hands out parts of one area, 64-byte aligned and padded, again from its start for every plan. */
export class AreaCursor {
  #next: number;
  readonly #end: number;
  readonly #what: string;

  constructor(start: number, bytes: number, what: string) {
    this.#next = start;
    this.#end = start + bytes;
    this.#what = what;
  }

  /** Where the next part may begin. */
  get at(): number {
    return this.#next;
  }

  take(bytes: number): number {
    const at = (this.#next + 63) & ~63;
    const next = at + bytes + 64;
    if (next > this.#end) {
      throw new AtlasError(
        'ATLAS_LIMIT_KERNEL_MEMORY',
        `${this.#what} need ${next - this.#end} bytes more kernel memory than the plan has`,
      );
    }
    this.#next = next;
    return at >>> 0;
  }
}
