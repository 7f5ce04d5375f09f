import type { EncodePlan } from './encode-plan.ts';
import { KERNEL_TYPE, physicalType } from './physical-type.ts';

const CEILING = 64 * 1024 * 1024;
const MAX_ROWS = 131_072;
const DICTIONARY = 1024 * 1024;
const TABLE = 1024 * 1024;
const PADDING = 256;

/** Sizes of one column's buffers in kernel memory, in bytes. */
export interface ColumnArena {
  readonly pageCapacity: number;
  /** Of the open page: PLAIN values, or u32 indices. */
  readonly pageBytes: number;
  readonly maxRows: number;
  readonly levelsBytes: number;
  readonly levelsReserve: number;
  readonly dictionaryCapacity: number;
  readonly maxEntries: number;
  readonly entriesBytes: number;
  readonly tableBits: number;
  readonly tableBytes: number;
}

/** Sizes of everything the encoder keeps in kernel memory. */
export interface Arena {
  readonly columns: readonly ColumnArena[];
  /** Shared by all columns. */
  readonly scratchBytes: number;
  readonly scratchPageBytes: number;
}

const scaled = (size: number, factor: number, least: number): number => Math.max(least, Math.floor(size * factor));

function columnArena(kernelType: number, width: number, pageBytes: number, factor: number): ColumnArena {
  const bytes = kernelType === KERNEL_TYPE.bytes;
  const maxRows = scaled(MAX_ROWS, factor, 512) & ~63;
  const pageCapacity = scaled(pageBytes, factor, Math.min(pageBytes, 4096));
  const levelsBytes = maxRows / 8 + 64;
  const dictionary = kernelType !== KERNEL_TYPE.bits;
  const tableBits = Math.floor(Math.log2(scaled(TABLE, factor, 4096) / (bytes ? 8 : 4)));
  const dictionaryCapacity = dictionary ? scaled(DICTIONARY, factor, 4096) : 0;
  const slots = 2 ** tableBits / 2;
  const maxEntries = bytes ? slots : width === 0 ? 0 : Math.min(slots, Math.floor(dictionaryCapacity / width));
  return {
    pageCapacity,
    pageBytes: Math.max(dictionary ? maxRows * 4 : maxRows / 8, bytes || width > 0 ? pageCapacity : 0) + 64,
    maxRows,
    levelsBytes,
    levelsReserve: (levelsBytes + 16 + 63) & ~63,
    dictionaryCapacity,
    maxEntries,
    entriesBytes: bytes ? maxEntries * 4 : 0,
    tableBits: dictionary ? tableBits : 0,
    // without a dictionary the table of texts holds their lengths
    tableBytes: !dictionary ? 0 : bytes ? Math.max(2 ** tableBits * 8, maxRows * 4) : 2 ** tableBits * 4,
  };
}

const columnBytes = (c: ColumnArena): number =>
  c.pageBytes +
  c.levelsBytes +
  c.levelsReserve +
  c.dictionaryCapacity +
  c.entriesBytes +
  c.tableBytes +
  512 +
  8 * PADDING;

/** Shares the encoder's memory out: full size while the columns fit 64 MiB, evenly less beyond. A function of the plan only. */
export function planArena(plan: EncodePlan): Arena {
  const types = plan.schema.fields.map((field) => physicalType(field.type));
  const build = (factor: number): ColumnArena[] =>
    types.map((type) => columnArena(type.kernel, type.width, plan.destination.pageBytes, factor));
  let columns = build(1);
  const ideal = columns.reduce((sum, c) => sum + columnBytes(c), 0);
  if (ideal > CEILING) columns = build(CEILING / ideal);
  const largest = (pick: (c: ColumnArena) => number): number => columns.reduce((most, c) => Math.max(most, pick(c)), 0);
  return {
    columns,
    scratchBytes: 48 * 1024,
    scratchPageBytes:
      Math.ceil(largest((c) => Math.max(c.pageBytes, c.maxEntries)) * 1.05) + largest((c) => c.levelsReserve) + 65_536,
  };
}

/** Bytes of kernel memory that an encoder of this plan allocates. */
export function parquetReserve(plan: EncodePlan): number {
  const arena = planArena(plan);
  return arena.columns.reduce((sum, c) => sum + columnBytes(c), 0) + arena.scratchBytes + arena.scratchPageBytes + 4096;
}
