import type { Reject } from '../flow/reject.ts';
import type { RejectBlock, RejectGroup } from '../flow/reject-block.ts';

/** Rejects in one block of those that come one by one, at most. */
const BLOCK_REJECTS = 2048;
/** Rejects and bytes (or characters) of blocks after which they are handed on. */
const FULL_REJECTS = 1 << 15;
const FULL_TEXT = 2 << 20;

interface Group {
  readonly index: number;
  /** JSON of what is the same in all of a group: before the offset, and from the column up to the raw text. */
  readonly head: string;
  readonly middle: string;
}

const UTF8 = new TextEncoder();

/** Gathers the rejects of one task as text, in order, so that nothing of them is left to be done one by one elsewhere. */
export class RejectPacker {
  #blocks: RejectBlock[] = [];
  #rejects = 0;
  #size = 0;
  #text = '';
  readonly #lines = new Float64Array(BLOCK_REJECTS);
  readonly #group = new Uint16Array(BLOCK_REJECTS);
  #count = 0;
  readonly #known = new Map<string, Group>();
  #groups: RejectGroup[] = [];

  /** There is enough to be handed on. */
  get full(): boolean {
    return this.#rejects >= FULL_REJECTS || this.#size >= FULL_TEXT;
  }

  add(reject: Reject): void {
    const { index, head, middle } = this.#groupOf(reject);
    this.#lines[this.#count] = reject.line;
    this.#group[this.#count] = index;
    this.#count++;
    this.#rejects++;
    const line = `${head}${reject.offset},"length":${reject.length}${middle}${rawOf(reject)}}\n`;
    this.#text += line;
    this.#size += line.length;
    if (this.#count === BLOCK_REJECTS) this.#close();
  }

  append(blocks: readonly RejectBlock[]): void {
    if (blocks.length === 0) return;
    this.#close();
    for (const block of blocks) {
      this.#blocks.push(block);
      this.#rejects += block.count;
      this.#size += block.text.length;
    }
  }

  /** What was gathered since the last call. */
  take(): readonly RejectBlock[] {
    this.#close();
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#rejects = 0;
    this.#size = 0;
    return blocks;
  }

  #close(): void {
    if (this.#count === 0) return;
    this.#blocks.push({
      count: this.#count,
      text: UTF8.encode(this.#text),
      lines: this.#lines.slice(0, this.#count),
      group: this.#group.slice(0, this.#count),
      groups: this.#groups,
    });
    this.#text = '';
    this.#count = 0;
    this.#known.clear();
    this.#groups = [];
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
    this.#groups.push({ file, column, code, reason });
    this.#known.set(key, group);
    return group;
  }
}

function rawOf({ raw, rawBase64, truncated, record }: Reject): string {
  const place = record ? `,"record":"${record}"` : '';
  const base64 = rawBase64 === null ? '' : `,"raw_base64":"${rawBase64}"`;
  return `${JSON.stringify(raw)}${base64}${truncated ? ',"truncated":true' : ''}${place}`;
}
