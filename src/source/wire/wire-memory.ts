import {
  COL_SIZE,
  CTX_BAD,
  CTX_COLUMNS,
  CTX_ENDS,
  CTX_ESCAPE,
  CTX_MAX_ROW,
  CTX_NON_ASCII,
  CTX_POWERS,
  CTX_QUOTE,
  CTX_REJECTS,
  CTX_ROW_CAP,
  CTX_ROW_END,
  CTX_ROW_LINE,
  CTX_ROW_START,
  CTX_SCRATCH,
  CTX_SIZE,
  CTX_SLOW,
  CTX_TEXT,
  REJECT_SIZE,
} from '../../kernel/assembly/csv-layout.ts';
import { CTX_CELLS, CTX_LENGTHS } from '../../kernel/assembly/wire-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { constantText } from '../cast/constant-column.ts';
import { valueBytes, widthOf } from '../cast/placed-column.ts';
import { POWERS_OF_FIVE_BYTES, writePowersOfFive } from '../cast/powers-of-five.ts';
import { ZONE_TABLE_BYTES } from '../zone-table.ts';
import type { WirePlan, WireProtocol } from './wire-shape.ts';

/** Rows of a batch at most, whatever `fetch_size` allows: what is cast then lies in the second-level cache. */
const BATCH_ROWS = 8192;
/** Bytes of row messages after which a batch is full. */
const BATCH_BYTES = 512 * 1024;
/** Cells of a batch; columns of one. */
const BATCH_CELLS = 128 * 1024;
/** What a window holds beyond a batch and one more row: how far it slides before it is moved. */
const SLIDE_BYTES = 2 * 1024 * 1024;
/** Bytes taken beyond the start of a batch, as long as no row is longer. */
const AHEAD_BYTES = BATCH_BYTES + 256 * 1024;
/** What a message may hold beside its row. */
const MESSAGE_SLACK = 64 * 1024;
/** Texts of constants in a batch. */
const CONSTANT_BYTES = 1024 * 1024;
const SCRATCH_BYTES = 8192;
/** Spellings of true and false. */
const SPELLING_BYTES = 4096;

/** Where a decoder's parts lie in kernel memory: addresses and sizes, fixed for its life. */
export interface WireMemory {
  readonly context: number;
  readonly window: number;
  readonly windowBytes: number;
  /** How far into the window a batch may begin. */
  readonly slideBytes: number;
  /** How much is taken beyond the start of a batch: what is held is moved now and then, so that it is not to be much. */
  readonly aheadBytes: number;
  readonly rowCap: number;
  /** Fields of a row. */
  readonly width: number;
  readonly cells: number;
  readonly lengths: number;
  readonly descriptors: number;
  readonly columns: number;
  readonly columnBytes: number;
  readonly data: number;
  readonly dataBytes: number;
  readonly constants: number;
  readonly constantBytes: number;
  readonly tables: number;
  readonly tableBytes: number;
}

interface Sizes {
  readonly width: number;
  readonly rowCap: number;
  readonly windowBytes: number;
  readonly columnBytes: number;
  readonly dataBytes: number;
  readonly constantBytes: number;
  readonly tableBytes: number;
}

/** Fields of a row: where no column is taken, MySQL still sends one. */
export function widthOfRows({ columns }: Pick<WirePlan, 'columns'>, protocol: WireProtocol): number {
  const taken = columns.filter((column) => column !== null).length;
  return taken === 0 && protocol === 'mysql' ? 1 : taken;
}

function sizesOf(plan: WirePlan, protocol: WireProtocol): Sizes {
  const { features, maxRowBytes, fetchRows } = plan;
  const width = widthOfRows(plan, protocol);
  const fixed = features.map((feature) => ({ constant: feature.constant }));
  const texts = fixed.map(({ constant }) => Buffer.byteLength(constantText({ constant }, { file: plan.path }) ?? ''));
  const text = texts.reduce((sum, bytes) => sum + bytes, 0);
  const byText = text === 0 ? BATCH_ROWS : Math.floor(CONSTANT_BYTES / text);
  const byCells = Math.floor(BATCH_CELLS / Math.max(width, features.length, 1));
  const rowCap = Math.max(1, Math.min(BATCH_ROWS, fetchRows, byText, byCells));
  const zones = new Set(features.map(({ timezone }) => timezone)).size;
  return {
    width,
    rowCap,
    windowBytes: SLIDE_BYTES + BATCH_BYTES + maxRowBytes + MESSAGE_SLACK,
    columnBytes: features.reduce((sum, { type }) => sum + valueBytes(widthOf(type), rowCap) + (rowCap >> 3) + 512, 256),
    dataBytes: BATCH_BYTES + maxRowBytes + MESSAGE_SLACK,
    constantBytes: text * rowCap + features.length * 256 + 256,
    tableBytes: SPELLING_BYTES + zones * (ZONE_TABLE_BYTES + 128) + text + features.length * 256,
  };
}

/** Sizes of what is allocated, in order. */
function partsOf(sizes: Sizes, fields: number): readonly number[] {
  const { width, rowCap, windowBytes, columnBytes, dataBytes, constantBytes, tableBytes } = sizes;
  return [
    CTX_SIZE,
    // Loops that read backwards from the end of a short text may look 24 bytes before the window.
    windowBytes + 64,
    Math.max(width * rowCap * 8, 64),
    rowCap * 4,
    rowCap * 4,
    rowCap * 4,
    rowCap * REJECT_SIZE,
    Math.max(width * rowCap * 8, 64),
    Math.max(width * 8, 64),
    // Constants use the first descriptor, one after the other.
    Math.max(fields, 1) * COL_SIZE,
    POWERS_OF_FIVE_BYTES,
    SCRATCH_BYTES,
    columnBytes,
    dataBytes,
    constantBytes,
    tableBytes,
  ];
}

/** Arena bytes that `placeWireMemory` will take. */
export function wireMemoryBytes(plan: WirePlan, protocol: WireProtocol): number {
  const parts = partsOf(sizesOf(plan, protocol), plan.features.length);
  // Each allocation is padded and aligned.
  return parts.reduce((sum, size) => sum + size + 128, 128);
}

/** Takes a decoder's memory from the arena, once, and tells the context block where its parts are and what a row is. */
export function placeWireMemory(kernel: Kernel, plan: WirePlan, protocol: WireProtocol): WireMemory {
  const sizes = sizesOf(plan, protocol);
  const at = partsOf(sizes, plan.features.length).map((size) => kernel.allocate(size));
  const [context = 0, before = 0, cells = 0, starts = 0, ends = 0, bad = 0, rejects = 0, slow = 0, lengths = 0] = at;
  const [descriptors = 0, powers = 0, scratch = 0, columns = 0, data = 0, constants = 0, tables = 0] = at.slice(9);
  writePowersOfFive(kernel.view, powers);
  kernel.bytes.fill(0, context, context + CTX_SIZE);
  const slots: readonly (readonly [number, number])[] = [
    [CTX_CELLS, cells],
    // One cell of a constant is looked for here, as a field of a file.
    [CTX_ENDS, cells],
    [CTX_ROW_START, starts],
    [CTX_ROW_END, ends],
    // Rows have no lines; what moves the lines of rows that stay may as well move their ends.
    [CTX_ROW_LINE, ends],
    [CTX_BAD, bad],
    [CTX_REJECTS, rejects],
    [CTX_SLOW, slow],
    [CTX_LENGTHS, lengths],
    [CTX_COLUMNS, descriptors],
    [CTX_POWERS, powers],
    [CTX_SCRATCH, scratch],
    [CTX_TEXT, BATCH_BYTES],
    [CTX_ROW_CAP, sizes.rowCap],
    [CTX_MAX_ROW, plan.maxRowBytes],
    [CTX_NON_ASCII, 1],
    [CTX_QUOTE, 256],
    [CTX_ESCAPE, 256],
  ];
  for (const [slot, value] of slots) kernel.view.setUint32(context + slot, value, true);
  const { windowBytes, rowCap, width, columnBytes, dataBytes, constantBytes, tableBytes } = sizes;
  return {
    context,
    window: before + 64,
    windowBytes,
    slideBytes: SLIDE_BYTES,
    aheadBytes: AHEAD_BYTES,
    rowCap,
    width,
    cells,
    lengths,
    descriptors,
    columns,
    columnBytes,
    data,
    dataBytes,
    constants,
    constantBytes,
    tables,
    tableBytes,
  };
}
