import type { Field } from '../../batch/schema.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { ColumnArena } from './arena.ts';
import { FLAG } from './column-state.ts';
import { isText, KERNEL_TYPE, type PhysicalType, physicalType } from './physical-type.ts';

const BOUNDS_BYTES = 256;

/** Kernel types whose values, or whose lengths, may be delta-encoded. */
const WITH_DELTA: readonly number[] = [
  KERNEL_TYPE.i32,
  KERNEL_TYPE.u32,
  KERNEL_TYPE.i64,
  KERNEL_TYPE.u64,
  KERNEL_TYPE.bytes,
];

function flagsOf(field: Field, physical: PhysicalType, compatible: boolean): number {
  // Old readers turn every dictionary entry into text, so there only texts have one; and they misread runs wider than a byte.
  const dictionary = compatible ? isText(field.type) : physical.kernel !== KERNEL_TYPE.bits;
  const delta = !compatible && WITH_DELTA.includes(physical.kernel);
  return (
    (field.nullable ? FLAG.nullable : 0) |
    (dictionary ? FLAG.dictionary : 0) |
    (delta ? FLAG.delta : 0) |
    (compatible ? 0 : FLAG.runs)
  );
}

/** Allocates a column's buffers and lays its plan down in a fresh state. */
export function openColumn(
  field: Field,
  kernel: Kernel,
  arena: ColumnArena,
  shared: { readonly scratch: number; readonly scratchPage: number; readonly compatible: boolean },
): { readonly physical: PhysicalType; readonly state: number } {
  const physical = physicalType(field.type);
  const state = kernel.allocate(kernel.exports.parquetColumnBytes());
  const bounds = kernel.allocate(BOUNDS_BYTES);
  const page = kernel.allocate(arena.levelsReserve + arena.pageBytes) + arena.levelsReserve;
  const levels = kernel.allocate(arena.levelsBytes);
  const dictionary = kernel.allocate(arena.dictionaryCapacity);
  const entries = kernel.allocate(arena.entriesBytes);
  const table = kernel.allocate(arena.tableBytes);
  kernel.exports.parquetColumnOpen(
    state,
    physical.kernel,
    physical.convert,
    physical.width,
    flagsOf(field, physical, shared.compatible),
    page,
    arena.pageCapacity,
    arena.maxRows,
    levels,
    arena.levelsReserve,
    dictionary,
    arena.dictionaryCapacity,
    entries,
    arena.maxEntries,
    table,
    arena.tableBits,
    shared.scratch,
    shared.scratchPage,
    bounds,
  );
  return { physical, state };
}
