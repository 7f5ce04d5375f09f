import type { Reject } from '../../flow/reject.ts';
import type { RejectBlock, RejectGroup } from '../../flow/reject-block.ts';
import type { Kernel } from '../../kernel/kernel.ts';

/** Kernel memory in which the text of rejects is put together. */
export interface RejectArea {
  readonly kernel: Kernel;
  readonly at: number;
  readonly bytes: number;
}

/** Where a rejected span stands in its file, and its bytes in kernel memory. */
export interface RejectSpan extends Pick<Reject, 'line' | 'offset' | 'length' | 'column' | 'code' | 'reason'> {
  readonly address: number;
  readonly bytes: number;
}

interface Group extends RejectGroup {
  readonly index: number;
  /** JSON of what is the same in all of a group: before the offset, and from the column up to the raw text. */
  readonly head: Uint8Array;
  readonly middle: Uint8Array;
}

const BLOCK_REJECTS = 8192;
/** Groups that are looked through one by one. */
const FEW_GROUPS = 16;
/** A byte of text takes six at most as JSON; so much stands around it, beside what a group has in common. */
const PER_BYTE = 6;
const AROUND = 128;
const CLOSE_BRACE = 125;
const LF = 10;

const UTF8 = new TextEncoder();
const LENGTH = UTF8.encode(',"length":');

/** Writes the rejects of one file as text, most of them straight from the bytes that the parser looked at. */
export class RejectWriter {
  readonly #area: RejectArea;
  readonly #file: string;
  readonly #lines = new Float64Array(BLOCK_REJECTS);
  readonly #group = new Uint16Array(BLOCK_REJECTS);
  readonly #known = new Map<string, Group>();
  #groups: Group[] = [];
  #count = 0;
  #at: number;
  #blocks: RejectBlock[] = [];

  constructor(area: RejectArea, file: string) {
    this.#area = area;
    this.#file = file;
    this.#at = area.at;
  }

  /** Answers false, having done nothing, where the bytes are not UTF-8 or too many: then the reject must be added as one. */
  addSpan(span: RejectSpan): boolean {
    const { exports, bytes } = this.#area.kernel;
    const group = this.#begin(span, span.bytes * PER_BYTE);
    if (group === null) return false;
    bytes.set(group.head, this.#at);
    let at = exports.csvDigits(span.offset, this.#at + group.head.length);
    bytes.set(LENGTH, at);
    at = exports.csvDigits(span.length, at + LENGTH.length);
    bytes.set(group.middle, at);
    at = exports.csvJson(span.address, span.bytes, at + group.middle.length);
    if (at === 0) return false;
    bytes[at] = CLOSE_BRACE;
    bytes[at + 1] = LF;
    this.#end(group, span.line, at + 2);
    return true;
  }

  add(reject: Reject): void {
    const { bytes } = this.#area.kernel;
    const raw = JSON.stringify(reject.raw);
    const base64 = reject.rawBase64 === null ? '' : `,"raw_base64":"${reject.rawBase64}"`;
    const rest = `${raw}${base64}${reject.truncated ? ',"truncated":true' : ''}}\n`;
    const group = this.#begin(reject, rest.length * 3);
    const text = `${reject.offset},"length":${reject.length}`;
    if (group === null) {
      this.#addAlone(reject, text, rest);
      return;
    }
    bytes.set(group.head, this.#at);
    let at = this.#at + group.head.length;
    at += UTF8.encodeInto(text, bytes.subarray(at)).written;
    bytes.set(group.middle, at);
    at += group.middle.length;
    at += UTF8.encodeInto(rest, bytes.subarray(at)).written;
    this.#end(group, reject.line, at);
  }

  /** What was written since the last call. */
  take(): readonly RejectBlock[] {
    this.#close();
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  /** Makes room for a reject with so many bytes of text; null where there is not so much. */
  #begin(why: Pick<Reject, 'column' | 'code' | 'reason'>, most: number): Group | null {
    const { at, bytes } = this.#area;
    let group = this.#groupOf(why);
    const wanted = group.head.length + group.middle.length + most + AROUND;
    if (wanted > bytes) return null;
    if (this.#at + wanted > at + bytes || this.#count === BLOCK_REJECTS) {
      this.#close();
      group = this.#groupOf(why);
    }
    return group;
  }

  #end({ index }: Group, line: number, at: number): void {
    this.#lines[this.#count] = line;
    this.#group[this.#count] = index;
    this.#count++;
    this.#at = at;
  }

  /** A reject with names or text beyond the area is a block of its own. */
  #addAlone(reject: Reject, text: string, rest: string): void {
    this.#close();
    const { column, code, reason, line } = reject;
    const { head, middle } = this.#groupOf(reject);
    this.#blocks.push({
      count: 1,
      text: new Uint8Array(Buffer.concat([head, UTF8.encode(text), middle, UTF8.encode(rest)])),
      lines: Float64Array.of(line),
      group: Uint16Array.of(0),
      groups: [{ file: this.#file, column, code, reason }],
    });
    this.#forget();
  }

  #close(): void {
    const { kernel, at } = this.#area;
    if (this.#count > 0) {
      this.#blocks.push({
        count: this.#count,
        text: kernel.bytes.slice(at, this.#at),
        lines: this.#lines.slice(0, this.#count),
        group: this.#group.slice(0, this.#count),
        groups: this.#groups.map(({ file, column, code, reason }) => ({ file, column, code, reason })),
      });
    }
    this.#forget();
  }

  #forget(): void {
    this.#at = this.#area.at;
    this.#count = 0;
    this.#known.clear();
    this.#groups = [];
  }

  #groupOf({ column, code, reason }: Pick<Reject, 'column' | 'code' | 'reason'>): Group {
    // causes are few in nearly every file, and their texts are the same objects
    for (let i = 0; i < this.#groups.length && i < FEW_GROUPS; i++) {
      const each = this.#groups[i] as Group;
      if (each.code === code && each.column === column && each.reason === reason) return each;
    }
    // an empty name is a name
    const key = `${code}\0${column === null ? '' : `=${column}`}\0${reason}`;
    const known = this.#known.get(key);
    if (known) return known;
    const group: Group = {
      ...{ file: this.#file, column, code, reason },
      index: this.#groups.length,
      head: UTF8.encode(`{"file":${JSON.stringify(this.#file)},"line":\0,"offset":`),
      middle: UTF8.encode(
        `,"column":${JSON.stringify(column)},"code":"${code}","reason":${JSON.stringify(reason)},"raw":`,
      ),
    };
    this.#groups.push(group);
    this.#known.set(key, group);
    return group;
  }
}
