import type { ColumnProfile } from '../../../flow/profile.ts';
import {
  CTX_ENDS,
  CTX_FINAL,
  CTX_FROM,
  CTX_LIMIT,
  CTX_NEXT,
  CTX_REJECT_COUNT,
  CTX_REJECTS,
  CTX_ROW_START,
  CTX_ROWS,
  CTX_SLOW,
  CTX_SLOW_COUNT,
  CTX_STOP,
  CTX_TO,
  REJECT_CODE,
  REJECT_FLAGS,
  REJECT_SIZE,
  STOP_END,
  STOP_FULL,
} from '../../../kernel/assembly/csv-layout.ts';
import { P_JSON } from '../../../kernel/assembly/profile-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { AreaCursor } from '../../cast/area-cursor.ts';
import { type BlockKey, layOutBlock, readBlock } from '../../profile/profile-block.ts';
import { WORD_TABLE_BYTES, writeWords } from '../../profile/profile-words.ts';
import { decodeBareEscapes } from '../parser/bare-escapes.ts';
import { writeDialect } from '../parser/parser-dialect.ts';
import { BATCH_ROWS, memoryBytes, type ParserMemory, placeMemory } from '../parser/parser-memory.ts';
import type { ParserPlan } from '../parser/parser-shape.ts';

/** What a profiler's memory is sized for. */
export interface ProfileLimits {
  readonly maxRowBytes: number;
  /** Fields of a record. */
  readonly width: number;
  readonly key: BlockKey;
}

const CONTINUES_LAST = 2;

function limitsOf({ maxRowBytes, width }: ProfileLimits) {
  return { maxRowBytes, maxColumns: width, fields: 1 };
}

/** Bytes of a window → counters of every column in kernel memory. One for any number of files within its limits. */
export class Profiler {
  readonly #kernel: Kernel;
  readonly #memory: ParserMemory;
  readonly #limits: ProfileLimits;
  readonly #words: number;
  readonly #blocks: number;
  #plan: ParserPlan | null = null;
  rows = 0;
  /** Records that are damaged whatever their columns hold. */
  damaged = 0;
  /** The same by damage code of the kernel. */
  readonly damage = new Map<number, number>();

  /** Arena bytes that a profiler takes. */
  static kernelBytes(limits: ProfileLimits): number {
    return memoryBytes(limitsOf(limits)) + WORD_TABLE_BYTES + layOutBlock(limits.key).stride * limits.width + 512;
  }

  /** Takes its memory from the kernel's arena, for good. */
  constructor(kernel: Kernel, limits: ProfileLimits) {
    this.#kernel = kernel;
    this.#limits = limits;
    this.#memory = placeMemory(kernel, limitsOf(limits));
    this.#words = kernel.allocate(WORD_TABLE_BYTES);
    this.#blocks = kernel.allocate(layOutBlock(limits.key).stride * limits.width);
    writeWords(kernel, this.#words, limits.key.words);
  }

  /** The window's bytes. */
  get window(): Uint8Array {
    const { window, windowBytes } = this.#memory;
    return this.#kernel.bytes.subarray(window, window + windowBytes);
  }

  /** Begins a file. Fails with ATLAS_META_INVALID where the plan's characters cannot be told apart. */
  begin(plan: ParserPlan): void {
    const { cells, plan: tables, planBytes } = this.#memory;
    const { stride } = layOutBlock(this.#limits.key);
    const rowCap = Math.max(1, Math.min(BATCH_ROWS, Math.floor(cells / Math.max(plan.width, 1))));
    writeDialect(this.#kernel, this.#memory, plan, rowCap, new AreaCursor(tables, planBytes, 'null spellings'));
    this.#kernel.bytes.fill(0, this.#blocks, this.#blocks + stride * plan.width);
    for (let i = 0; i < plan.width; i++) this.#kernel.exports.profileOpen(this.#blocks + i * stride);
    this.#plan = plan;
    this.rows = 0;
    this.damaged = 0;
    this.damage.clear();
  }

  /** Counts the records of window offsets `from` to `to`; answers the bytes it used, and why it stopped. */
  count(
    from: number,
    to: number,
    final: boolean,
  ): { readonly consumed: number; readonly stop: 'full' | 'starved' | 'end' } {
    const { view, exports } = this.#kernel;
    const { context, window, windowBytes } = this.#memory;
    const { stride, declared } = layOutBlock(this.#limits.key);
    view.setUint32(context + CTX_FROM, window + from, true);
    view.setUint32(context + CTX_TO, window + to, true);
    view.setUint32(context + CTX_LIMIT, window + windowBytes + 1, true);
    view.setUint32(context + CTX_FINAL, final ? 1 : 0, true);
    exports.csvScan(context);
    exports.csvProfile(context, this.#blocks, stride, declared, this.#words);
    this.#look(stride);
    const get = (slot: number): number => view.getUint32(context + slot, true);
    this.rows += get(CTX_ROWS);
    const rejects = get(CTX_REJECTS);
    for (let i = 0; i < get(CTX_REJECT_COUNT); i++) {
      const entry = rejects + i * REJECT_SIZE;
      if ((view.getUint32(entry + REJECT_FLAGS, true) & CONTINUES_LAST) !== 0) continue;
      const code = view.getUint32(entry + REJECT_CODE, true);
      this.damaged += 1;
      this.damage.set(code, (this.damage.get(code) ?? 0) + 1);
    }
    const stop = get(CTX_STOP);
    return {
      consumed: get(CTX_NEXT) - window - from,
      stop: stop === STOP_FULL ? 'full' : stop === STOP_END ? 'end' : 'starved',
    };
  }

  /** What was counted since `begin`. */
  columns(names: readonly string[]): readonly ColumnProfile[] {
    const { key } = this.#limits;
    const { stride } = layOutBlock(key);
    return Array.from({ length: this.#plan?.width ?? 0 }, (_, position) =>
      readBlock(this.#kernel.view, this.#blocks + position * stride, key, { name: names[position] ?? '', position }),
    );
  }

  /** Parses what may be JSON. */
  #look(stride: number): void {
    const { view } = this.#kernel;
    const { context } = this.#memory;
    const count = view.getUint32(context + CTX_SLOW_COUNT, true);
    const list = view.getUint32(context + CTX_SLOW, true);
    for (let i = 0; i < count; i++) {
      const column = view.getUint32(list + i * 8, true);
      if (!isJson(this.#text(column, view.getUint32(list + i * 8 + 4, true)))) continue;
      const at = this.#blocks + column * stride + P_JSON;
      view.setBigUint64(at, view.getBigUint64(at, true) + 1n, true);
    }
  }

  /** A field as it reads, unescaped. */
  #text(position: number, row: number): string {
    const { view, bytes } = this.#kernel;
    const { context } = this.#memory;
    const plan = this.#plan;
    if (plan === null) return '';
    const cell = view.getUint32(context + CTX_ENDS, true) + (row * plan.width + position) * 4;
    const start =
      position === 0
        ? view.getUint32(view.getUint32(context + CTX_ROW_START, true) + row * 4, true)
        : view.getUint32(cell - 4, true) + 1;
    const raw = bytes.subarray(start, view.getUint32(cell, true));
    const decoded = plan.bareEscapes ? decodeBareEscapes(raw, plan.delimiter, plan.newline) : raw;
    const text = Buffer.from(decoded ?? raw).toString();
    const field = plan.trim ? text.replaceAll(/^[ \t]+|[ \t]+$/g, '') : text;
    const quote = plan.quote === null ? null : String.fromCharCode(plan.quote);
    if (quote === null || !field.startsWith(quote)) return field;
    const inside = field.slice(1, -1);
    if (plan.escape === plan.quote) return inside.replaceAll(quote + quote, quote);
    return inside.replaceAll(/\\([\s\S])/g, (pair, next: string) => (next === quote || next === '\\' ? next : pair));
  }
}

/** Whether a text is a JSON object or array. */
function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
