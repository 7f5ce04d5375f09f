import type { BatchColumn } from '../../batch/batch.ts';
import { AtlasError } from '../../errors.ts';
import {
  COL_DATA,
  COL_NULLS,
  COL_SIZE,
  CTX_BLANK_BYTES,
  CTX_COLUMN_COUNT,
  CTX_DATA,
  CTX_DELIMITER,
  CTX_ESCAPE,
  CTX_FINAL,
  CTX_FROM,
  CTX_LIMIT,
  CTX_LINES,
  CTX_MAX_ROW,
  CTX_NEWLINE,
  CTX_NEXT,
  CTX_NULL_COUNT,
  CTX_NULL_LENGTHS,
  CTX_NULLS,
  CTX_QUOTE,
  CTX_QUOTED_NULLS,
  CTX_REJECT_BYTES,
  CTX_ROW_BYTES,
  CTX_ROW_CAP,
  CTX_SKIPPING,
  CTX_STOP,
  CTX_TO,
  CTX_WIDTH,
  STOP_END,
  STOP_FULL,
  STOP_LIMIT,
} from '../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { AreaCursor, type PlacedColumn, valueBytes, widthOf, writeDescriptor } from './parser-columns.ts';
import { BATCH_ROWS, memoryBytes, type ParserMemory, placeMemory } from './parser-memory.ts';
import { RejectList } from './parser-rejects.ts';
import type { ParseOptions, ParseOutcome, ParserLimits, ParserPlan } from './parser-shape.ts';
import { settleSlowCells } from './parser-slow.ts';

/**
 * Bytes of a window → Arrow columns in kernel memory, and rejects. One per lane: its memory is taken once, for the limits, and serves
 * any number of plans within them. The caller puts raw bytes at `window` and parses ranges of it; every call reuses the columns, so a
 * batch must be released before the next call. The result is a function of the bytes, the plan and where the first range began.
 */
export class CsvParser {
  readonly #kernel: Kernel;
  readonly #memory: ParserMemory;
  readonly #limits: ParserLimits;
  /** Fills the columns with 0xA5 before each batch, so that what was not written shows. */
  poison = false;
  #plan: ParserPlan | null = null;
  /** By rank: the order of the record, which is the order of the casts. */
  #ranked: readonly PlacedColumn[] = [];
  /** In the order of the plan. */
  #columns: readonly PlacedColumn[] = [];
  #rejects: RejectList | null = null;

  private constructor(kernel: Kernel, limits: ParserLimits, memory: ParserMemory) {
    this.#kernel = kernel;
    this.#limits = limits;
    this.#memory = memory;
  }

  /** Arena bytes that `open` takes. */
  static kernelBytes(limits: ParserLimits): number {
    return memoryBytes(limits);
  }

  /** Takes the parser's memory from the kernel's arena, for good. */
  static open(kernel: Kernel, limits: ParserLimits): CsvParser {
    return new CsvParser(kernel, limits, placeMemory(kernel, limits));
  }

  /** Kernel address of the window. */
  get window(): number {
    return this.#memory.window;
  }

  /** Bytes the window holds: at least two rows of the greatest length, and 1 MiB. */
  get windowBytes(): number {
    return this.#memory.windowBytes;
  }

  /**
   * Takes on a plan, and forgets where the last range ended. Fails with ATLAS_LIMIT_KERNEL_MEMORY where the plan is beyond the limits,
   * with ATLAS_META_INVALID where its characters cannot be told apart or a constant is not of its type.
   */
  configure(plan: ParserPlan): void {
    const { view } = this.#kernel;
    const memory = this.#memory;
    this.#refuse(plan);
    const spellings = new AreaCursor(memory.plan, memory.planBytes, 'null, true and false spellings');
    const rowCap = Math.max(
      1,
      Math.min(BATCH_ROWS, Math.floor(memory.cells / Math.max(plan.width, plan.fields.length, 1))),
    );
    const context = memory.context;
    const encoder = new TextEncoder();
    const nulls = plan.nullValues.map((text) => encoder.encode(text));
    const table = spellings.take(nulls.length * 8);
    let lengths = 0n;
    nulls.forEach((bytes, i) => {
      const at = spellings.take(bytes.length);
      this.#kernel.bytes.set(bytes, at);
      view.setUint32(table + i * 8, at, true);
      view.setUint32(table + i * 8 + 4, bytes.length, true);
      lengths |= 1n << BigInt(Math.min(bytes.length, 63));
    });
    const escapes = (bytes: Uint8Array): boolean => bytes.some((b) => b === plan.quote || b === plan.escape);
    // A null spelling with a quote in it is longer in the file than as it reads.
    if (plan.quotedNulls && nulls.some(escapes)) lengths = 0xffff_ffff_ffff_ffffn;
    const slots: readonly (readonly [number, number])[] = [
      [CTX_DELIMITER, plan.delimiter],
      [CTX_QUOTE, plan.quote ?? 256],
      [CTX_ESCAPE, plan.quote === null ? 256 : plan.escape],
      [CTX_NEWLINE, plan.newline === 'lf' ? 0 : 1],
      [CTX_WIDTH, plan.width],
      [CTX_MAX_ROW, plan.maxRowBytes],
      [CTX_ROW_CAP, rowCap],
      [CTX_NULL_COUNT, nulls.length],
      [CTX_NULLS, table],
      [CTX_QUOTED_NULLS, plan.quotedNulls ? 1 : 0],
      [CTX_SKIPPING, 0],
    ];
    for (const [slot, value] of slots) view.setUint32(context + slot, value, true);
    view.setBigUint64(context + CTX_NULL_LENGTHS, lengths, true);
    this.#ranked = this.#place(plan, rowCap);
    this.#columns = this.#ranked.toSorted((a, b) => a.index - b.index);
    view.setUint32(context + CTX_COLUMN_COUNT, this.#ranked.length, true);
    this.#rejects = new RejectList(this.#kernel, context, memory.window, plan, this.#ranked);
    this.#plan = plan;
  }

  /** Parses window offsets `from` to `to`, which start at a record (or where the last call ended), into one batch. */
  parse(from: number, to: number, options: ParseOptions): ParseOutcome {
    const plan = this.#plan;
    const rejects = this.#rejects;
    if (plan === null || rejects === null) throw new AtlasError('ATLAS_INTERNAL', 'parse before configure');
    const { view, exports } = this.#kernel;
    const { context, window } = this.#memory;
    if (this.poison) this.#poison();
    view.setUint32(context + CTX_FROM, window + from, true);
    view.setUint32(context + CTX_TO, window + to, true);
    view.setUint32(context + CTX_LIMIT, window + Math.min(options.limit, this.#memory.windowBytes + 1), true);
    view.setUint32(context + CTX_FINAL, options.final ? 1 : 0, true);
    view.setUint32(context + CTX_DATA, this.#memory.data, true);
    exports.csvScan(context);
    exports.csvCast(context);
    settleSlowCells(this.#kernel, context, this.#ranked, rejects);
    const rows = exports.csvCompact(context);
    const get = (slot: number): number => view.getUint32(context + slot, true);
    const stop = get(CTX_STOP);
    return {
      consumed: get(CTX_NEXT) - window - from,
      rows,
      columns: this.#columns.map((column) => this.#columnOf(column)),
      rejects: rejects.read(),
      rowBytes: get(CTX_ROW_BYTES),
      rejectBytes: get(CTX_REJECT_BYTES),
      blankBytes: get(CTX_BLANK_BYTES),
      lines: get(CTX_LINES),
      stop: stop === STOP_FULL ? 'full' : stop === STOP_LIMIT ? 'limit' : stop === STOP_END ? 'end' : 'starved',
    };
  }

  #columnOf(column: PlacedColumn): BatchColumn {
    const { view } = this.#kernel;
    return {
      values: column.values,
      data: view.getUint32(column.descriptor + COL_DATA, true),
      validity: column.validity,
      nullCount: view.getUint32(column.descriptor + COL_NULLS, true),
    };
  }

  #poison(): void {
    const { columns, columnBytes, data, dataBytes } = this.#memory;
    this.#kernel.bytes.fill(0xa5, columns, columns + columnBytes);
    this.#kernel.bytes.fill(0xa5, data, data + dataBytes);
  }

  #place(plan: ParserPlan, rowCap: number): PlacedColumn[] {
    const area = new AreaCursor(this.#memory.columns, this.#memory.columnBytes, 'columns');
    const order = plan.fields
      .map((field, index) => ({ field, index, position: field.position ?? 0 }))
      .sort((a, b) => a.position - b.position || a.index - b.index);
    return order.map(({ field, index, position }, rank): PlacedColumn => {
      if (field.constant !== null || ['decimal', 'boolean', 'uuid', 'json'].includes(field.field.type.kind)) {
        throw new AtlasError('ATLAS_INTERNAL', `the parser does not make ${field.field.type.kind} or constants yet`);
      }
      const width = widthOf(field.field.type);
      const descriptor = this.#memory.descriptors + rank * COL_SIZE;
      const values = area.take(valueBytes(width, rowCap));
      const validity = area.take((rowCap + 7) >> 3);
      const place = { descriptor, rank, position, values, validity, alias: null, table: 0 };
      const kind = writeDescriptor(this.#kernel, field, place);
      return { field, index, kind, width, values, validity, alias: null, descriptor };
    });
  }

  #refuse(plan: ParserPlan): void {
    const limits = this.#limits;
    const beyond = (what: string, is: number, most: number): never => {
      throw new AtlasError('ATLAS_LIMIT_KERNEL_MEMORY', `${what} is ${is}, the parser was opened for ${most}`);
    };
    if (plan.width > limits.maxColumns) beyond('the number of columns', plan.width, limits.maxColumns);
    if (plan.fields.length > limits.fields) beyond('the number of features', plan.fields.length, limits.fields);
    if (plan.maxRowBytes > limits.maxRowBytes) beyond('max_row_bytes', plan.maxRowBytes, limits.maxRowBytes);
  }
}
