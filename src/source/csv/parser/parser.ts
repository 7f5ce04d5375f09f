import type { BatchColumn } from '../../../batch/batch.ts';
import { AtlasError } from '../../../errors.ts';
import {
  COL_DATA,
  COL_NULLS,
  CTX_BLANK_BYTES,
  CTX_COLUMN_COUNT,
  CTX_COMMENT_BYTES,
  CTX_DATA,
  CTX_FINAL,
  CTX_FROM,
  CTX_HEADER_BYTES,
  CTX_LIMIT,
  CTX_LINE_BASE,
  CTX_LINES,
  CTX_NEXT,
  CTX_REJECT_BYTES,
  CTX_ROW_BYTES,
  CTX_STOP,
  CTX_TO,
  STOP_END,
  STOP_FULL,
  STOP_LIMIT,
} from '../../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { AreaCursor } from '../../cast/area-cursor.ts';
import type { CastField } from '../../cast/cast-field.ts';
import { ColumnPlacer } from '../../cast/column-placer.ts';
import { clearColumn, constantText, fillConstant } from '../../cast/constant-column.ts';
import type { PlacedColumn } from '../../cast/placed-column.ts';
import { settleSlowCells } from '../../cast/slow-cells.ts';
import type { LineParser, ParseOptions, ParseOutcome } from '../../lines/line-parser.ts';
import type { RejectArea } from '../../reject/reject-writer.ts';
import type { ZoneTable } from '../../zone-table.ts';
import { writeDialect } from './parser-dialect.ts';
import { BATCH_ROWS, memoryBytes, type ParserMemory, placeMemory } from './parser-memory.ts';
import { RejectList } from './parser-rejects.ts';
import type { ParserLimits, ParserPlan } from './parser-shape.ts';

/**
 * Bytes of a window → Arrow columns in kernel memory, and rejects. One per lane: its memory is taken once, for the limits, and serves
 * any number of plans within them. The caller puts raw bytes at `window` and parses ranges of it; every call reuses the columns, so a
 * batch must be released before the next call. The result is a function of the bytes, the plan and where the first range began.
 */
export class CsvParser implements LineParser {
  readonly #kernel: Kernel;
  readonly #memory: ParserMemory;
  readonly #limits: ParserLimits;
  /** Fills the columns with 0xA5 before each batch, so that what was not written shows. */
  poison = false;
  /** What the kernel fills, by rank: the order of the record, which is the order of the casts. */
  #ranked: readonly PlacedColumn[] = [];
  /** In the order of the plan. */
  #columns: readonly PlacedColumn[] = [];
  /** Those that are null in every row. */
  #absent: readonly PlacedColumn[] = [];
  #rejects: RejectList | null = null;
  /** The column memory that batches overwrite; constants lie before it. */
  #volatile: readonly [from: number, to: number] = [0, 0];
  readonly #zones = new Map<string, ZoneTable>();
  /** Rows of a batch at most. */
  #rows = 0;

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

  /** Where the text of rejects can be put together. */
  get rejectArea(): RejectArea {
    const { rejectText, rejectTextBytes } = this.#memory;
    return { kernel: this.#kernel, at: rejectText, bytes: rejectTextBytes };
  }

  /** Bytes the window holds: at least two rows of the greatest length, and 1 MiB. */
  get windowBytes(): number {
    return this.#memory.windowBytes;
  }

  /**
   * Takes on a plan, and forgets where the last range ended. Fails with ATLAS_LIMIT_KERNEL_MEMORY where the plan is beyond the limits,
   * with ATLAS_META_INVALID where its characters cannot be told apart, a format cannot be read or a constant is not of its type.
   */
  configure(plan: ParserPlan): void {
    this.#refuse(plan);
    const memory = this.#memory;
    const tables = new AreaCursor(
      memory.plan,
      memory.planBytes,
      'null, true and false spellings, formats and time zones',
    );
    const rowCap = this.#rowCap(plan);
    this.#rows = rowCap;
    const area = new AreaCursor(memory.columns, memory.columnBytes, 'columns');
    const placer = new ColumnPlacer(this.#kernel, plan, memory.descriptors, area, tables, rowCap, this.#zones);
    const all = plan.fields.map((field, index) => ({ field, index, position: field.position ?? plan.width }));
    // All constants use the first descriptor, one after the other, before the columns need it.
    const data = new AreaCursor(memory.constants, memory.constantBytes, 'constants');
    const constants = all
      .filter(({ field }) => isFixed(field))
      .map(({ field, index }) => this.#fix(placer.place(field, index, 0), plan, rowCap, tables, data));
    const firstVolatile = area.at;
    this.#ranked = all
      .filter(({ field }) => !isFixed(field))
      .sort((a, b) => a.position - b.position || a.index - b.index)
      .map(({ field, index }, rank) => placer.place(field, index, rank));
    this.#volatile = [firstVolatile, area.at];
    this.#absent = constants.filter(isAbsent);
    this.#columns = [...this.#ranked, ...constants].sort((a, b) => a.index - b.index);
    writeDialect(this.#kernel, memory, plan, rowCap, tables);
    this.#kernel.view.setUint32(memory.context + CTX_COLUMN_COUNT, this.#ranked.length, true);
    this.#rejects = new RejectList(this.#kernel, memory.context, memory.window, plan, this.#ranked);
  }

  /** Parses window offsets `from` to `to`, which start at a record (or where the last call ended), into one batch. */
  parse(from: number, to: number, options: ParseOptions): ParseOutcome {
    const rejects = this.#rejects;
    if (rejects === null) throw new AtlasError('ATLAS_INTERNAL', 'parse before configure');
    const { view, exports } = this.#kernel;
    const { context, window } = this.#memory;
    if (this.poison) {
      this.#poison();
      for (const column of this.#absent) clearColumn(this.#kernel, column, this.#rows);
    }
    view.setUint32(context + CTX_FROM, window + from, true);
    view.setUint32(context + CTX_TO, window + to, true);
    view.setUint32(
      context + CTX_LIMIT,
      window + Math.max(0, Math.min(options.limit, this.#memory.windowBytes + 1)),
      true,
    );
    view.setUint32(context + CTX_FINAL, options.final ? 1 : 0, true);
    view.setUint32(context + CTX_DATA, this.#memory.data, true);
    view.setBigUint64(context + CTX_LINE_BASE, BigInt(options.lineBase), true);
    exports.csvScan(context);
    exports.csvCast(context);
    settleSlowCells(this.#kernel, context, this.#ranked, this.#zones);
    const rows = exports.csvCompact(context);
    const get = (slot: number): number => view.getUint32(context + slot, true);
    const stop = get(CTX_STOP);
    return {
      consumed: get(CTX_NEXT) - window - from,
      rows,
      columns: this.#columns.map((column) => this.#columnOf(column, rows)),
      rejects: rejects.read(),
      rowBytes: get(CTX_ROW_BYTES),
      rejectBytes: get(CTX_REJECT_BYTES),
      blankBytes: get(CTX_BLANK_BYTES),
      commentBytes: get(CTX_COMMENT_BYTES),
      headerBytes: get(CTX_HEADER_BYTES),
      lines: get(CTX_LINES),
      stop: stop === STOP_FULL ? 'full' : stop === STOP_LIMIT ? 'limit' : stop === STOP_END ? 'end' : 'starved',
    };
  }

  #columnOf(column: PlacedColumn, rows: number): BatchColumn {
    const { values, validity, descriptor, data } = column;
    if (descriptor === 0) return { values, data, validity, nullCount: isAbsent(column) ? rows : 0 };
    const { view } = this.#kernel;
    return {
      values,
      data: view.getUint32(descriptor + COL_DATA, true),
      validity,
      nullCount: view.getUint32(descriptor + COL_NULLS, true),
    };
  }

  /** Fills a constant, or null, for every row there can be. */
  #fix(column: PlacedColumn, plan: ParserPlan, rows: number, scratch: AreaCursor, data: AreaCursor): PlacedColumn {
    if (isAbsent(column)) {
      clearColumn(this.#kernel, column, rows);
      return { ...column, descriptor: 0 };
    }
    return fillConstant(this.#kernel, this.#memory.context, column, plan, rows, scratch, data, this.#zones);
  }

  #rowCap(plan: ParserPlan): number {
    const { cells, constantBytes } = this.#memory;
    const text = plan.fields.reduce((sum, field) => sum + Buffer.byteLength(constantText(field, plan) ?? ''), 0);
    const byText = text === 0 ? BATCH_ROWS : Math.floor((constantBytes - plan.fields.length * 128) / text);
    return Math.max(1, Math.min(BATCH_ROWS, byText, Math.floor(cells / Math.max(plan.width, plan.fields.length, 1))));
  }

  #poison(): void {
    const { data, dataBytes } = this.#memory;
    this.#kernel.bytes.fill(0xa5, ...this.#volatile);
    this.#kernel.bytes.fill(0xa5, data, data + dataBytes);
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

/** Whether a column is the same in every batch. */
function isFixed({ position, constant }: CastField): boolean {
  return constant === null ? position === null : constant.kind !== 'line';
}

function isAbsent({ field }: PlacedColumn): boolean {
  return field.constant === null && field.position === null;
}
