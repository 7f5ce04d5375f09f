import { AtlasError } from '../../../errors.ts';
import type { Origin } from '../../feed/origin.ts';

interface Stretch {
  /** Position in the feed, and in what the feed was made from. */
  readonly at: number;
  readonly from: number;
  readonly bytes: Uint8Array;
}

/** Where rewritten records came from, each as a whole. */
export class WideOrigin implements Origin {
  readonly #inner: Origin | null;
  readonly #path: string;
  #stretches: Stretch[] = [];
  #written = 0;
  #read = 0;

  /** `inner`: where the bytes that records were read from came from, if they were transcoded. */
  constructor(inner: Origin | null, path: string) {
    this.#inner = inner;
    this.#path = path;
  }

  /** Says that the next `bytes` became the next `written` bytes of the feed. */
  add(bytes: Uint8Array, written: number): void {
    if (written > 0) this.#stretches.push({ at: this.#written, from: this.#read, bytes });
    this.#written += written;
    this.#read += bytes.length;
  }

  positionOf(position: number): number {
    const from = position >= this.#written ? this.#read : this.#stretchAt(position).from;
    return this.#inner?.positionOf(from) ?? from;
  }

  endOf(position: number): number {
    if (position >= this.#written) return this.positionOf(position);
    const { at, from, bytes } = this.#stretchAt(position);
    const end = at === position ? from : from + bytes.length;
    return this.#inner?.positionOf(end) ?? end;
  }

  slice(from: number, to: number): Uint8Array {
    if (this.#inner) return this.#inner.slice(from, to);
    const parts = this.#stretches
      .filter((stretch) => stretch.from < to && stretch.from + stretch.bytes.length > from)
      .map((stretch) => stretch.bytes.subarray(Math.max(0, from - stretch.from), to - stretch.from));
    return Buffer.concat(parts);
  }

  forget(position: number): void {
    let gone = 0;
    while ((this.#stretches[gone + 1]?.at ?? this.#written) <= position && gone < this.#stretches.length) gone += 1;
    if (gone > 0) this.#stretches = this.#stretches.slice(gone);
    this.#inner?.forget(this.#stretches[0]?.from ?? this.#read);
  }

  confirmEnd(position: number): void {
    if (position !== this.#written) throw this.#lost(position);
    this.#inner?.confirmEnd(this.#read);
  }

  #stretchAt(position: number): Stretch {
    let low = 0;
    let high = this.#stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#stretches[middle] as Stretch).at <= position) low = middle;
      else high = middle - 1;
    }
    const found = this.#stretches[low];
    if (found === undefined || found.at > position) throw this.#lost(position);
    return found;
  }

  #lost(position: number): AtlasError {
    return new AtlasError('ATLAS_INTERNAL', `nobody knows where byte ${position} of ${this.#path} came from`, {
      place: { file: this.#path },
    });
  }
}
