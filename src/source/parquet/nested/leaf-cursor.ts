import type { Abortable } from '../../../flow/source.ts';
import type { PageFeed } from '../column/column-queue.ts';
import type { Page } from '../page/values.ts';
import type { Leaf } from '../schema/schema-node.ts';
import { jsonValue } from './json-value.ts';

/** Walks over the entries of one leaf of a nested column, record by record; of the file it holds the pages of a record. */
export class LeafCursor {
  readonly leaf: Leaf;
  readonly #feed: PageFeed;
  readonly #pages: Page[] = [];
  #entry = 0;
  #value = 0;
  /** Entries held that begin a record. */
  #begun = 0;
  #ended = false;

  constructor(leaf: Leaf, feed: PageFeed) {
    this.leaf = leaf;
    this.#feed = feed;
  }

  /** Records of which all entries are held. */
  get records(): number {
    return this.#ended ? this.#begun : Math.max(0, this.#begun - 1);
  }

  /** Reads pages until a whole record is held, or there are none. */
  async fill(options: Abortable): Promise<void> {
    while (this.records === 0 && !this.#ended) {
      const page = await this.#feed.next(options);
      if (page === null) this.#ended = true;
      else if (page.entries > 0) {
        this.#pages.push(page);
        const { repetitions } = page;
        this.#begun +=
          repetitions === null ? page.entries : repetitions.reduce((sum, level) => sum + Number(level === 0), 0);
      }
    }
  }

  /** Definition level of the entry it stands on; -1 behind the last one. */
  get definition(): number {
    const page = this.#pages[0];
    if (page === undefined) return -1;
    return page.definitions === null ? 0 : (page.definitions[this.#entry] as number);
  }

  /** Repetition level of the entry it stands on; 0 behind the last one too. */
  get repetition(): number {
    return this.#pages[0]?.repetitions?.[this.#entry] ?? 0;
  }

  /** Passes an entry without a value. */
  skip(): void {
    if (this.definition === this.leaf.definitions || this.definition < 0)
      throw new Error('a value stands where none is');
    this.#pass();
  }

  /** Passes an entry, and answers its value as JSON text. */
  take(): string {
    const page = this.#pages[0];
    if (page === undefined || this.definition !== this.leaf.definitions) throw new Error('a value is missing');
    const { values } = page;
    const at = this.#value;
    this.#value += 1;
    this.#pass();
    if (values.kind === 'fixed') return jsonValue(this.leaf, values.bytes, at * values.width, values.width);
    return jsonValue(this.leaf, values.heap, values.starts[at] as number, values.lengths[at] as number);
  }

  /** Passes what is left of the record it stands in, and stands on the first entry of the next. */
  finish(began: boolean): void {
    let first = !began;
    while (this.#pages.length > 0 && (first || this.repetition > 0)) {
      first = false;
      if (this.definition === this.leaf.definitions) this.#value += 1;
      this.#pass();
    }
  }

  #pass(): void {
    const page = this.#pages[0] as Page;
    if (this.repetition === 0) this.#begun -= 1;
    this.#entry += 1;
    if (this.#entry < page.entries) return;
    this.#pages.shift();
    this.#entry = 0;
    this.#value = 0;
  }
}
