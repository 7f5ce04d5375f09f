import type { Abortable } from '../../../flow/source.ts';
import type { PageFeed } from '../column/column-queue.ts';
import type { Reason } from '../column/reason.ts';
import { damaged } from '../file/damaged.ts';
import type { Page } from '../page/values.ts';
import type { SchemaNode } from '../schema/schema-node.ts';
import { NoJson } from './json-value.ts';
import type { LeafCursor } from './leaf-cursor.ts';
import { recordText } from './record-text.ts';

/** Records of a page, and bytes of text after which it ends. */
const PAGE_ROWS = 512;
const PAGE_BYTES = 1 << 20;

/** Makes pages of JSON texts out of the leaves of one column, a text a record; a record that is null stays null. */
export class NestedRows implements PageFeed {
  readonly #node: SchemaNode;
  readonly #cursors: readonly LeafCursor[];
  readonly #path: string;

  /** `cursors`: one for each leaf of the node, in order. */
  constructor(node: SchemaNode, cursors: readonly LeafCursor[], path: string) {
    this.#node = node;
    this.#cursors = cursors;
    this.#path = path;
  }

  async next(options: Abortable): Promise<Page | null> {
    for (const cursor of this.#cursors) await cursor.fill(options);
    const held = this.#cursors.map(({ records }) => records);
    const whole = Math.min(...held);
    if (whole === 0) {
      if (held.every((count) => count === 0)) return null;
      throw damaged(this.#path, `the parts of column ${this.#node.name} have different numbers of rows`);
    }
    const texts: (Buffer | null)[] = [];
    const refused = new Map<number, Reason>();
    let bytes = 0;
    while (texts.length < Math.min(whole, PAGE_ROWS) && bytes < PAGE_BYTES) {
      const text = this.#record(texts.length, refused);
      texts.push(text);
      bytes += text?.length ?? 0;
    }
    return pageOf(texts, refused);
  }

  #record(row: number, refused: Map<number, Reason>): Buffer | null {
    const top = this.#cursors[0] as LeafCursor;
    if (this.#node.repetition === 'OPTIONAL' && top.definition < this.#node.definition) {
      for (const cursor of this.#cursors) cursor.finish(false);
      return null;
    }
    const before = this.#cursors.map(({ records }) => records);
    try {
      const text = recordText(this.#node, this.#cursors);
      if (this.#cursors.some(({ repetition }) => repetition > 0)) throw new Error('its parts differ in length');
      return Buffer.from(text);
    } catch (error) {
      if (!(error instanceof NoJson)) {
        const why = error instanceof Error ? error.message : String(error);
        throw damaged(this.#path, `the levels of column ${this.#node.name} contradict each other: ${why}`, error);
      }
      refused.set(row, error.reason);
      this.#cursors.forEach((cursor, index) => {
        cursor.finish(cursor.records < (before[index] as number));
      });
      return Buffer.alloc(0);
    }
  }
}

function pageOf(texts: readonly (Buffer | null)[], refused: ReadonlyMap<number, Reason>): Page {
  const there = texts.filter((text) => text !== null);
  const lengths = Uint32Array.from(there, ({ length }) => length);
  const starts = new Uint32Array(there.length);
  for (let index = 1; index < starts.length; index += 1) {
    starts[index] = (starts[index - 1] as number) + (lengths[index - 1] as number);
  }
  return {
    entries: texts.length,
    definitions: Uint8Array.from(texts, (text) => Number(text !== null)),
    repetitions: null,
    values: { kind: 'text', count: there.length, heap: Buffer.concat(there), starts, lengths },
    refused,
  };
}
