import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { Page } from '../page/values.ts';
import type { Reason } from './reason.ts';

/** Pages of rows: a flat column's own, or those that nested columns were made into. Definition levels are 0 (null) and 1. */
export interface PageFeed {
  next(options: Abortable): Promise<Page | null>;
}

/** Consecutive rows whose texts lie in one heap. */
export interface TextRun {
  readonly from: number;
  readonly to: number;
  readonly heap: Uint8Array;
}

/** Rows of one column as the file holds them, one slot each; a null slot holds zeroes, or an empty span. */
export interface StagedColumn {
  /** 1 = there is a value. */
  readonly present: Uint8Array;
  readonly nulls: number;
  /** Bytes of a value; 0 = texts. */
  readonly width: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
  readonly runs: readonly TextRun[];
  /** Rows whose value could not be made. */
  readonly refused: readonly { readonly row: number; readonly reason: Reason }[];
}

interface Held {
  readonly page: Page;
  /** Entries and values of it that were taken. */
  entry: number;
  value: number;
}

/** Holds decoded pages of one column until their rows are taken, and lays rows out, however pages are cut. */
export class ColumnQueue {
  readonly #feed: PageFeed;
  readonly #width: number;
  readonly #held: Held[] = [];
  readonly #present: Uint8Array;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #starts: Uint32Array;
  readonly #lengths: Uint32Array;
  #ended = false;
  /** Rows that are held. */
  rows = 0;

  /** `width`: bytes of a value, 0 = texts. `capacity`: rows laid out at once, at most. */
  constructor(feed: PageFeed, width: number, capacity: number) {
    this.#feed = feed;
    this.#width = width;
    this.#present = new Uint8Array(capacity);
    this.#bytes = new Uint8Array(capacity * width);
    this.#starts = new Uint32Array(width === 0 ? capacity : 0);
    this.#lengths = new Uint32Array(width === 0 ? capacity : 0);
  }

  /** Reads pages until so many rows are held, or there are no more. */
  async fill(rows: number, options: Abortable): Promise<void> {
    while (this.rows < rows && !this.#ended) {
      const page = await this.#feed.next(options);
      if (page === null) this.#ended = true;
      else if (page.entries > 0) {
        this.#held.push({ page, entry: 0, value: 0 });
        this.rows += page.entries;
      }
    }
  }

  /** Lays out the next rows, which stay; it is valid until the next call. */
  stage(rows: number): StagedColumn {
    const runs: TextRun[] = [];
    const refused: { row: number; reason: Reason }[] = [];
    let done = 0;
    let nulls = 0;
    for (const { page, entry, value } of this.#held) {
      if (done === rows) break;
      const count = Math.min(rows - done, page.entries - entry);
      nulls += this.#lay(page, entry, value, done, count);
      if (page.values.kind === 'text') runs.push({ from: done, to: done + count, heap: page.values.heap });
      for (const [at, reason] of page.refused ?? []) {
        if (at >= entry && at < entry + count) refused.push({ row: done + at - entry, reason });
      }
      done += count;
    }
    if (done !== rows) throw new AtlasError('ATLAS_INTERNAL', `${rows} rows were asked for, ${done} are held`);
    const columns = { bytes: this.#bytes, starts: this.#starts, lengths: this.#lengths };
    return { present: this.#present, nulls, width: this.#width, ...columns, runs, refused };
  }

  /** Lets go of the next rows. */
  pass(rows: number): void {
    let left = rows;
    while (left > 0) {
      const first = this.#held[0] as Held;
      const { page, entry } = first;
      const count = Math.min(left, page.entries - entry);
      if (entry + count === page.entries) this.#held.shift();
      else {
        first.value += page.definitions === null ? count : ones(page.definitions, entry, entry + count);
        first.entry += count;
      }
      left -= count;
    }
    this.rows -= rows;
  }

  /** Lays `count` rows of a page out from row `to` on; answers how many are null. */
  #lay({ definitions, values }: Page, entry: number, value: number, to: number, count: number): number {
    const present = this.#present;
    const width = this.#width;
    if (definitions === null) {
      present.fill(1, to, to + count);
      if (values.kind === 'fixed') {
        this.#bytes.set(values.bytes.subarray(value * width, (value + count) * width), to * width);
      } else {
        this.#starts.set(values.starts.subarray(value, value + count), to);
        this.#lengths.set(values.lengths.subarray(value, value + count), to);
      }
      return 0;
    }
    let at = value;
    if (values.kind === 'text') {
      const { starts, lengths } = values;
      for (let index = 0; index < count; index += 1) {
        const there = definitions[entry + index] as number;
        present[to + index] = there;
        this.#starts[to + index] = there === 0 ? 0 : (starts[at] as number);
        this.#lengths[to + index] = there === 0 ? 0 : (lengths[at] as number);
        at += there;
      }
    } else at = this.#scatter(values.bytes, definitions, entry, value, to, count);
    return count - (at - value);
  }

  /** Values to the rows that have one, runs at a time; answers the next value. */
  #scatter(
    source: Uint8Array,
    definitions: Uint8Array,
    entry: number,
    value: number,
    to: number,
    count: number,
  ): number {
    const width = this.#width;
    let at = value;
    for (let index = 0; index < count; ) {
      const there = definitions[entry + index] as number;
      let end = index + 1;
      while (end < count && definitions[entry + end] === there) end += 1;
      const length = end - index;
      this.#present.fill(there, to + index, to + end);
      if (there === 0) this.#bytes.fill(0, (to + index) * width, (to + end) * width);
      else {
        copyBytes(source, at * width, this.#bytes, (to + index) * width, length * width);
        at += length;
      }
      index = end;
    }
    return at;
  }
}

/** Short spans byte by byte: a view would cost more than it saves. */
function copyBytes(source: Uint8Array, from: number, target: Uint8Array, to: number, length: number): void {
  if (length > 64) target.set(source.subarray(from, from + length), to);
  else for (let index = 0; index < length; index += 1) target[to + index] = source[from + index] as number;
}

function ones(levels: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += levels[index] as number;
  return sum;
}
