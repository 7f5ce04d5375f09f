import type { Reject } from '../flow/reject.ts';
import type { RejectBlock } from './reject-block.ts';

/** Rejects in one block, at most; and characters after which it is full. */
const BLOCK_REJECTS = 2048;
const BLOCK_TEXT = 1 << 19;

interface Group {
  readonly index: number;
  /** JSON of what is the same in all of a group: before the offset, and from the column up to the raw text. */
  readonly head: string;
  readonly middle: string;
}

const UTF8 = new TextEncoder();

/** Gathers the rejects of one task into blocks, as text, so that nothing of them is left to be done one by one elsewhere. */
export class RejectPacker {
  #first: Reject | null = null;
  #text = '';
  #lines = new Float64Array(BLOCK_REJECTS);
  #group = new Uint16Array(BLOCK_REJECTS);
  #count = 0;
  readonly #known = new Map<string, Group>();
  #groups: Pick<Reject, 'code' | 'column'>[] = [];

  /** Answers a block where the reject filled it. */
  add(reject: Reject): RejectBlock | null {
    this.#first ??= reject;
    const { index, head, middle } = this.#groupOf(reject);
    this.#lines[this.#count] = reject.line;
    this.#group[this.#count] = index;
    this.#count++;
    this.#text += `${head}${reject.offset},"length":${reject.length}${middle}${rawOf(reject)}}\n`;
    return this.#count === BLOCK_REJECTS || this.#text.length >= BLOCK_TEXT ? this.take() : null;
  }

  /** The block that is not full yet; null where there is nothing in it. */
  take(): RejectBlock | null {
    if (this.#first === null) return null;
    const block: RejectBlock = {
      count: this.#count,
      text: UTF8.encode(this.#text),
      lines: this.#lines.slice(0, this.#count),
      group: this.#group.slice(0, this.#count),
      groups: this.#groups,
      first: this.#first,
    };
    this.#first = null;
    this.#text = '';
    this.#count = 0;
    this.#known.clear();
    this.#groups = [];
    return block;
  }

  #groupOf({ file, column, code, reason }: Reject): Group {
    // an empty name is a name
    const key = `${code}\0${column === null ? '' : `=${column}`}\0${reason}\0${file}`;
    const known = this.#known.get(key);
    if (known) return known;
    const group: Group = {
      index: this.#groups.length,
      head: `{"file":${JSON.stringify(file)},"line":\0,"offset":`,
      middle: `,"column":${JSON.stringify(column)},"code":"${code}","reason":${JSON.stringify(reason)},"raw":`,
    };
    this.#groups.push({ code, column });
    this.#known.set(key, group);
    return group;
  }
}

function rawOf({ raw, rawBase64, truncated, record }: Reject): string {
  const place = record ? `,"record":"${record}"` : '';
  const base64 = rawBase64 === null ? '' : `,"raw_base64":"${rawBase64}"`;
  return `${JSON.stringify(raw)}${base64}${truncated ? ',"truncated":true' : ''}${place}`;
}
