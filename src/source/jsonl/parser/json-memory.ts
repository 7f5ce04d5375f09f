import type { FeaturePlan, JsonlSourcePlan } from '../../../flow/dataset-plan.ts';
import {
  COL_SIZE,
  CTX_BAD,
  CTX_COLUMNS,
  CTX_ENDS,
  CTX_ESCAPE,
  CTX_MAX_ROW,
  CTX_POWERS,
  CTX_QUOTE,
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
import { CTX_JSON_CELLS, CTX_JSON_DEPTH, CTX_JSON_KEY } from '../../../kernel/assembly/json-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { valueBytes, widthOf } from '../../cast/placed-column.ts';
import { POWERS_OF_FIVE_BYTES, writePowersOfFive } from '../../cast/powers-of-five.ts';
import type { KeyTree } from './key-tree.ts';
import { keyTreeBytes } from './write-key-tree.ts';

/** Rows of a batch at most; fewer where there are many features. */
const BATCH_ROWS = 8192;
/** Bytes of lines after which a batch is full. */
const BATCH_TEXT = 512 * 1024;
/** Cells of a batch; columns of one. */
const BATCH_CELLS = 128 * 1024;
/** Bytes for the constants of a batch, and for spellings, formats and zones. */
const CONSTANT_BYTES = 1024 * 1024;
const TABLE_BYTES = 512 * 1024;
/** The text of some rejects: one of the longest that are kept, at least, as JSON. */
const REJECT_TEXT_BYTES = 1024 * 1024;
/** What a window holds beyond two lines. */
const WINDOW_SLACK = 1024 * 1024;
/** What loops may write behind a text. */
const SLACK = 4096;
/** Bytes for a key that nobody asked for, about. */
const LEARNED_KEY_BYTES = 192;

/** What a parser's memory is sized for. */
export interface JsonLimits extends Pick<JsonlSourcePlan, 'maxRowBytes' | 'maxDepth'> {
  readonly features: readonly Pick<FeaturePlan, 'type'>[];
  /** Keys that nobody asked for and that are known all the same. */
  readonly mostLearned: number;
}

/** Where a parser's parts lie in kernel memory: addresses and sizes, fixed for its life. */
export interface JsonMemory {
  readonly context: number;
  readonly window: number;
  readonly windowBytes: number;
  readonly rowCap: number;
  readonly descriptors: number;
  readonly columns: number;
  readonly columnBytes: number;
  readonly data: number;
  readonly dataBytes: number;
  /** Strings that had escapes, of one batch. */
  readonly text: number;
  readonly constants: number;
  readonly constantBytes: number;
  readonly tables: number;
  readonly tableBytes: number;
  readonly tree: number;
  readonly learned: number;
  readonly learnedBytes: number;
  readonly mostLearned: number;
  readonly rejectText: number;
  readonly rejectTextBytes: number;
}

function sizesOf({ features, maxRowBytes }: JsonLimits, { slots, overlap }: KeyTree) {
  const rowCap = Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_CELLS / Math.max(slots, features.length, 1))));
  return {
    rowCap,
    windowBytes: 2 * maxRowBytes + WINDOW_SLACK,
    columnBytes: features.reduce((sum, { type }) => sum + valueBytes(widthOf(type), rowCap) + (rowCap >> 3) + 512, 256),
    dataBytes: overlap * (BATCH_TEXT + maxRowBytes) + SLACK,
  };
}

function learnedBytesOf({ mostLearned }: JsonLimits): number {
  return mostLearned * LEARNED_KEY_BYTES;
}

/** Sizes of what is allocated, in order. */
function partsOf(limits: JsonLimits, tree: KeyTree): readonly number[] {
  const { rowCap, windowBytes, columnBytes, dataBytes } = sizesOf(limits, tree);
  const { maxRowBytes, features } = limits;
  const cells = Math.max(tree.slots * rowCap * 8, 64);
  return [
    CTX_SIZE,
    // Loops that read backwards from the end of a short text may look 24 bytes before the window.
    windowBytes + 64,
    cells,
    BATCH_ROWS * 4,
    BATCH_ROWS * 4,
    BATCH_ROWS * 4,
    BATCH_ROWS * 4,
    2 * (BATCH_ROWS + 64) * REJECT_SIZE,
    Math.max(features.length * rowCap * 8, 64),
    // Constants use the first descriptor, one after the other.
    Math.max(features.length, 1) * COL_SIZE,
    POWERS_OF_FIVE_BYTES,
    maxRowBytes + SLACK,
    maxRowBytes + SLACK,
    columnBytes,
    dataBytes,
    // Texts that are read backwards begin behind others.
    BATCH_TEXT + maxRowBytes + SLACK,
    CONSTANT_BYTES,
    TABLE_BYTES,
    keyTreeBytes(tree, limits.mostLearned),
    learnedBytesOf(limits),
    REJECT_TEXT_BYTES,
  ];
}

/** Arena bytes that `placeJsonMemory` will take. */
export function jsonMemoryBytes(limits: JsonLimits, tree: KeyTree): number {
  // Each allocation is padded and aligned.
  return partsOf(limits, tree).reduce((sum, size) => sum + size + 128, 128);
}

/** Takes a parser's memory from the arena, once, and tells the context block where its parts are. */
export function placeJsonMemory(kernel: Kernel, limits: JsonLimits, tree: KeyTree): JsonMemory {
  const at = partsOf(limits, tree).map((size) => kernel.allocate(size));
  const [context = 0, before = 0, cells = 0, starts = 0, ends = 0, lines = 0, bad = 0, rejects = 0, slow = 0] = at;
  const [descriptors = 0, powers = 0, scratch = 0, key = 0, columns = 0, data = 0, text = 0] = at.slice(9);
  const [constants = 0, tables = 0, nodes = 0, learned = 0, rejectText = 0] = at.slice(16);
  writePowersOfFive(kernel.view, powers);
  kernel.bytes.fill(0, context, context + CTX_SIZE);
  const slots: readonly (readonly [number, number])[] = [
    [CTX_JSON_CELLS, cells],
    // One cell of a constant is looked for here, as a field of a file.
    [CTX_ENDS, cells],
    [CTX_ROW_START, starts],
    [CTX_ROW_END, ends],
    [CTX_ROW_LINE, lines],
    [CTX_BAD, bad],
    [CTX_REJECTS, rejects],
    [CTX_REJECT_CAP, BATCH_ROWS],
    [CTX_SLOW, slow],
    [CTX_COLUMNS, descriptors],
    [CTX_POWERS, powers],
    [CTX_SCRATCH, scratch],
    [CTX_TEXT, BATCH_TEXT],
    [CTX_MAX_ROW, limits.maxRowBytes],
    [CTX_QUOTE, 256],
    [CTX_ESCAPE, 256],
    [CTX_JSON_KEY, key],
    [CTX_JSON_DEPTH, limits.maxDepth],
  ];
  for (const [slot, value] of slots) kernel.view.setUint32(context + slot, value, true);
  const { rowCap, windowBytes, columnBytes, dataBytes } = sizesOf(limits, tree);
  return {
    context,
    window: before + 64,
    windowBytes,
    rowCap,
    descriptors,
    columns,
    columnBytes,
    data,
    dataBytes,
    text: text + 64,
    constants,
    constantBytes: CONSTANT_BYTES,
    tables,
    tableBytes: TABLE_BYTES,
    tree: nodes,
    learned,
    learnedBytes: learnedBytesOf(limits),
    mostLearned: limits.mostLearned,
    rejectText,
    rejectTextBytes: REJECT_TEXT_BYTES,
  };
}
