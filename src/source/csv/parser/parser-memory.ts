import {
  COL_SIZE,
  CTX_BAD,
  CTX_COLUMNS,
  CTX_ENDS,
  CTX_POWERS,
  CTX_REJECT_CAP,
  CTX_REJECTS,
  CTX_ROW_END,
  CTX_ROW_LINE,
  CTX_ROW_START,
  CTX_SCRATCH,
  CTX_SIZE,
  CTX_SLOW,
  CTX_TEXT,
  REJECT_SIZE,
} from '../../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { POWERS_OF_FIVE_BYTES, writePowersOfFive } from '../../cast/powers-of-five.ts';
import type { ParserLimits } from './parser-shape.ts';

/** Rows of a batch at most; fewer where records are wide. */
export const BATCH_ROWS = 8192;
/** Bytes of text after which a batch is full. */
export const BATCH_TEXT = 512 * 1024;
/** Cells of a batch, so that the field index stays in the second-level cache. */
const BATCH_CELLS = 128 * 1024;
/** Bytes for the constants of a batch, and for the spellings and tables of a plan. */
const CONSTANT_BYTES = 1024 * 1024;
const PLAN_BYTES = 512 * 1024;
/** The text of some rejects: one of the longest that are kept, at least, as JSON. */
const REJECT_TEXT_BYTES = 1024 * 1024;
/** What a window holds beyond two rows. */
const WINDOW_SLACK = 1024 * 1024;

/** Where a parser's parts lie in kernel memory: addresses and sizes, fixed for its life. */
export interface ParserMemory {
  readonly context: number;
  readonly window: number;
  readonly windowBytes: number;
  /** Cells of a batch at most: rows × the larger of fields of a record and output columns. */
  readonly cells: number;
  readonly descriptors: number;
  readonly fields: number;
  readonly columns: number;
  readonly columnBytes: number;
  readonly data: number;
  readonly dataBytes: number;
  readonly constants: number;
  readonly constantBytes: number;
  readonly plan: number;
  readonly planBytes: number;
  /** Room for the header of a file, which is no longer than a row. */
  readonly header: number;
  readonly rejectText: number;
  readonly rejectTextBytes: number;
}

interface Sizes {
  readonly windowBytes: number;
  readonly cells: number;
  readonly columnBytes: number;
  readonly dataBytes: number;
  readonly scratchBytes: number;
}

function sizesOf(limits: ParserLimits): Sizes {
  const windowBytes = 2 * limits.maxRowBytes + WINDOW_SLACK;
  const cells = Math.max(BATCH_CELLS, limits.maxColumns + 1, limits.fields + 1);
  return {
    windowBytes,
    cells,
    // Values of at most 16 bytes, one more offset, validity, and padding for each column.
    columnBytes: cells * 17 + limits.fields * 512,
    dataBytes: Math.min(windowBytes, BATCH_TEXT + limits.maxRowBytes + 4096),
    // A field without its escapes, and then as a plain number.
    scratchBytes: 2 * limits.maxRowBytes + 4096 + 128,
  };
}

/** Arena bytes that `placeMemory` will take. */
export function memoryBytes(limits: ParserLimits): number {
  const { windowBytes, cells, columnBytes, dataBytes, scratchBytes } = sizesOf(limits);
  const parts = [
    CTX_SIZE,
    windowBytes + 64,
    (cells + 256) * 4,
    4 * BATCH_ROWS * 4,
    2 * (BATCH_ROWS + 64) * REJECT_SIZE,
    cells * 8,
    limits.fields * COL_SIZE,
    columnBytes,
    dataBytes,
    CONSTANT_BYTES,
    PLAN_BYTES,
    limits.maxRowBytes,
    REJECT_TEXT_BYTES,
    scratchBytes,
    POWERS_OF_FIVE_BYTES,
  ];
  // Each allocation is padded and aligned.
  return parts.reduce((sum, size) => sum + size + 128, 16 * 128);
}

/** Takes a parser's memory from the arena, once, and tells the context block where its parts are. */
export function placeMemory(kernel: Kernel, limits: ParserLimits): ParserMemory {
  const { windowBytes, cells, columnBytes, dataBytes, scratchBytes } = sizesOf(limits);
  const context = kernel.allocate(CTX_SIZE);
  // Loops that read backwards from the end of a short field may look 24 bytes before the window.
  const window = kernel.allocate(windowBytes + 64) + 64;
  const descriptors = kernel.allocate(limits.fields * COL_SIZE);
  const powers = kernel.allocate(POWERS_OF_FIVE_BYTES);
  writePowersOfFive(kernel.view, powers);
  const slots: readonly (readonly [number, number])[] = [
    [CTX_ENDS, kernel.allocate((cells + 256) * 4)],
    [CTX_ROW_START, kernel.allocate(BATCH_ROWS * 4)],
    [CTX_ROW_END, kernel.allocate(BATCH_ROWS * 4)],
    [CTX_ROW_LINE, kernel.allocate(BATCH_ROWS * 4)],
    [CTX_BAD, kernel.allocate(BATCH_ROWS * 4)],
    [CTX_REJECTS, kernel.allocate(2 * (BATCH_ROWS + 64) * REJECT_SIZE)],
    [CTX_REJECT_CAP, BATCH_ROWS],
    [CTX_SLOW, kernel.allocate(cells * 8)],
    [CTX_SCRATCH, kernel.allocate(scratchBytes)],
    [CTX_COLUMNS, descriptors],
    [CTX_POWERS, powers],
    [CTX_TEXT, BATCH_TEXT],
  ];
  for (const [slot, value] of slots) kernel.view.setUint32(context + slot, value, true);
  return {
    context,
    window,
    windowBytes,
    cells,
    descriptors,
    fields: limits.fields,
    columns: kernel.allocate(columnBytes),
    columnBytes,
    data: kernel.allocate(dataBytes),
    dataBytes,
    constants: kernel.allocate(CONSTANT_BYTES),
    constantBytes: CONSTANT_BYTES,
    plan: kernel.allocate(PLAN_BYTES),
    planBytes: PLAN_BYTES,
    header: kernel.allocate(limits.maxRowBytes),
    rejectText: kernel.allocate(REJECT_TEXT_BYTES),
    rejectTextBytes: REJECT_TEXT_BYTES,
  };
}
