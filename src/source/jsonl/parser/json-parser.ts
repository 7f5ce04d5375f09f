import type { BatchColumn } from '../../../batch/batch.ts';
import { AtlasError } from '../../../errors.ts';
import type { FeaturePlan, JsonlSourcePlan } from '../../../flow/dataset-plan.ts';
import {
  COL_DATA,
  COL_NULLS,
  COL_POSITION,
  CTX_BLANK_BYTES,
  CTX_COLUMN_COUNT,
  CTX_DATA,
  CTX_FINAL,
  CTX_FROM,
  CTX_LIMIT,
  CTX_LINE_BASE,
  CTX_LINES,
  CTX_NEXT,
  CTX_REJECT_BYTES,
  CTX_ROW_BYTES,
  CTX_ROW_CAP,
  CTX_SKIPPING,
  CTX_STOP,
  CTX_TO,
  CTX_WIDTH,
  KIND_JSON,
  KIND_TEXT,
  STOP_END,
  STOP_FULL,
  STOP_LIMIT,
} from '../../../kernel/assembly/csv-layout.ts';
import { CTX_JSON_TEXT } from '../../../kernel/assembly/json-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { AreaCursor } from '../../cast/area-cursor.ts';
import type { CastField } from '../../cast/cast-field.ts';
import { ColumnPlacer } from '../../cast/column-placer.ts';
import { type ConstantFacts, constantText, fillConstant } from '../../cast/constant-column.ts';
import type { PlacedColumn } from '../../cast/placed-column.ts';
import { settleSlowCells } from '../../cast/slow-cells.ts';
import type { LineParser, ParseOptions, ParseOutcome } from '../../lines/line-parser.ts';
import type { RejectArea } from '../../reject/reject-writer.ts';
import type { ZoneTable } from '../../zone-table.ts';
import { jsonCells } from './json-cells.ts';
import { type JsonLimits, type JsonMemory, jsonMemoryBytes, placeJsonMemory } from './json-memory.ts';
import { JsonRejects } from './json-rejects.ts';
import { growKeyTree, type KeyTree } from './key-tree.ts';
import { LearnedKeys } from './learned-keys.ts';
import { writeKeyTree } from './write-key-tree.ts';
import { writeNullValues } from './write-null-values.ts';

type JsonPlan = Pick<
  JsonlSourcePlan,
  'features' | 'maxRowBytes' | 'maxDepth' | 'nullValues' | 'trueValues' | 'falseValues'
>;

const POISON = 0xa5;
/** Keys that no feature takes, and that are known all the same: told to people, and passed faster. */
const MOST_LEARNED = 1024;

function limitsOf({ features, maxRowBytes, maxDepth }: JsonPlan): JsonLimits {
  return { features, maxRowBytes, maxDepth, mostLearned: MOST_LEARNED };
}

/**
 * Bytes of a window → Arrow columns in kernel memory, and rejects. One per lane, sized by its plan. Every call reuses the columns, so a
 * batch must be released before the next call. The result is a function of the bytes, the plan and where the first range began.
 */
export class JsonParser implements LineParser {
  readonly #kernel: Kernel;
  readonly #plan: JsonPlan;
  readonly #tree: KeyTree;
  readonly #memory: JsonMemory;
  readonly #learned: LearnedKeys;
  readonly #zones = new Map<string, ZoneTable>();
  /** Fills the columns with 0xA5 before each batch, so that what was not written shows. */
  poison = false;
  /** What the kernel fills, by rank. */
  #ranked: readonly PlacedColumn[] = [];
  /** In the order of the plan. */
  #columns: readonly PlacedColumn[] = [];
  #rejects: JsonRejects | null = null;
  /** The column memory that batches overwrite; constants lie before it. */
  #volatile: readonly [from: number, to: number] = [0, 0];

  private constructor(kernel: Kernel, plan: JsonPlan, tree: KeyTree) {
    this.#kernel = kernel;
    this.#plan = plan;
    this.#tree = tree;
    this.#memory = placeJsonMemory(kernel, limitsOf(plan), tree);
    this.#learned = new LearnedKeys(kernel, this.#memory);
  }

  /** Arena bytes that `open` takes. */
  static kernelBytes(plan: JsonPlan): number {
    return jsonMemoryBytes(limitsOf(plan), growKeyTree(plan.features));
  }

  /** Takes the parser's memory from the kernel's arena, for good. */
  static open(kernel: Kernel, plan: JsonPlan): JsonParser {
    return new JsonParser(kernel, plan, growKeyTree(plan.features));
  }

  /** Kernel address of the window. */
  get window(): number {
    return this.#memory.window;
  }

  /** Bytes the window holds: at least two lines of the greatest length, and 1 MiB. */
  get windowBytes(): number {
    return this.#memory.windowBytes;
  }

  get rejectArea(): RejectArea {
    const { rejectText, rejectTextBytes } = this.#memory;
    return { kernel: this.#kernel, at: rejectText, bytes: rejectTextBytes };
  }

  /** Keys of the objects parsed so far that no feature takes, nor anything inside them. */
  get learned(): LearnedKeys {
    return this.#learned;
  }

  /** Begins a file: forgets where the last range ended. Fails with ATLAS_META_INVALID where a constant is not of its type. */
  configure(facts: ConstantFacts): void {
    const memory = this.#memory;
    const { view } = this.#kernel;
    this.#learned.gather();
    const tables = new AreaCursor(
      memory.tables,
      memory.tableBytes,
      'null, true and false spellings, formats and time zones',
    );
    const area = new AreaCursor(memory.columns, memory.columnBytes, 'columns');
    const constants = new AreaCursor(memory.constants, memory.constantBytes, 'constants');
    const rowCap = this.#rowCap(facts);
    const placer = new ColumnPlacer(this.#kernel, this.#plan, memory.descriptors, area, tables, rowCap, this.#zones);
    const all = this.#plan.features.map((feature, index) => ({ field: fieldOf(feature, index), index }));
    // All constants use the first descriptor, one after the other, before the columns need it.
    const fixed = all
      .filter(({ field }) => isFixed(field))
      .map(({ field, index }) => {
        const placed = placer.place(field, index, 0);
        return fillConstant(this.#kernel, memory.context, placed, facts, rowCap, tables, constants, this.#zones);
      });
    const begin = area.at;
    this.#ranked = all
      .filter(({ field }) => !isFixed(field))
      .map(({ field, index }, rank) => this.#place(placer, field, index, rank));
    this.#volatile = [begin, area.at];
    this.#columns = [...this.#ranked, ...fixed].sort((a, b) => a.index - b.index);
    writeNullValues(this.#kernel, memory.context, this.#plan.nullValues, tables);
    writeKeyTree(this.#kernel, memory, this.#tree);
    this.#learned.begin();
    const slots: readonly (readonly [number, number])[] = [
      [CTX_COLUMN_COUNT, this.#ranked.length],
      [CTX_WIDTH, this.#tree.slots],
      [CTX_ROW_CAP, rowCap],
      [CTX_SKIPPING, 0],
    ];
    for (const [slot, value] of slots) view.setUint32(memory.context + slot, value, true);
    this.#rejects = new JsonRejects(this.#kernel, memory, limitsOf(this.#plan), this.#tree, this.#ranked);
  }

  parse(from: number, to: number, options: ParseOptions): ParseOutcome {
    const rejects = this.#rejects;
    if (rejects === null) throw new AtlasError('ATLAS_INTERNAL', 'parse before configure');
    const { view, exports } = this.#kernel;
    const { context, window, windowBytes, data, text } = this.#memory;
    if (this.poison) this.#poison();
    const set = (slot: number, value: number): void => view.setUint32(context + slot, value, true);
    set(CTX_FROM, window + from);
    set(CTX_TO, window + to);
    set(CTX_LIMIT, window + Math.max(0, Math.min(options.limit, windowBytes + 1)));
    set(CTX_FINAL, options.final ? 1 : 0);
    set(CTX_DATA, data);
    set(CTX_JSON_TEXT, text);
    view.setBigUint64(context + CTX_LINE_BASE, BigInt(options.lineBase), true);
    exports.jsonScan(context);
    exports.jsonCast(context);
    settleSlowCells(this.#kernel, context, this.#ranked, this.#zones, jsonCells(this.#kernel, context));
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
      commentBytes: 0,
      headerBytes: 0,
      lines: get(CTX_LINES),
      stop: stop === STOP_FULL ? 'full' : stop === STOP_LIMIT ? 'limit' : stop === STOP_END ? 'end' : 'starved',
    };
  }

  #place(placer: ColumnPlacer, field: CastField, index: number, rank: number): PlacedColumn {
    const placed = placer.place(field, index, rank);
    this.#kernel.view.setUint32(placed.descriptor + COL_POSITION, this.#tree.slotOf[index] ?? 0, true);
    // What the scan has parsed need not be parsed once more.
    return placed.kind === KIND_JSON ? { ...placed, kind: KIND_TEXT } : placed;
  }

  #columnOf({ values, validity, descriptor, data }: PlacedColumn): BatchColumn {
    if (descriptor === 0) return { values, data, validity, nullCount: 0 };
    const { view } = this.#kernel;
    return {
      values,
      data: view.getUint32(descriptor + COL_DATA, true),
      validity,
      nullCount: view.getUint32(descriptor + COL_NULLS, true),
    };
  }

  #rowCap(facts: ConstantFacts): number {
    const { rowCap, constantBytes } = this.#memory;
    const { features } = this.#plan;
    const text = features.reduce((sum, feature) => sum + Buffer.byteLength(constantText(feature, facts) ?? ''), 0);
    return text === 0
      ? rowCap
      : Math.max(1, Math.min(rowCap, Math.floor((constantBytes - features.length * 128) / text)));
  }

  #poison(): void {
    const { data, dataBytes } = this.#memory;
    this.#kernel.bytes.fill(POISON, ...this.#volatile);
    this.#kernel.bytes.fill(POISON, data, data + dataBytes);
  }
}

/** Every column has a place of its own, though two may read the same cell. */
function fieldOf(feature: FeaturePlan, index: number): CastField {
  const { name, type, nullable, sensitive, constant, format, timezone, onLoss, style, range } = feature;
  return {
    field: { name, type, nullable, sensitive },
    position: constant === null ? index : null,
    ...{ constant, format, timezone, onLoss, style, range },
  };
}

/** Whether a column is the same in every batch. */
function isFixed({ constant }: CastField): boolean {
  return constant !== null && constant.kind !== 'line';
}
