import { AtlasError } from '../../errors.ts';
import {
  CTX_BAD_COUNT,
  CTX_BARE_ESCAPES,
  CTX_COLUMN_COUNT,
  CTX_DATA,
  CTX_ENDS,
  CTX_ESCAPE,
  CTX_NULL_LENGTHS,
  CTX_NULL_NUMBERS,
  CTX_QUOTE,
  CTX_REJECT_COUNT,
  CTX_REJECTS,
  CTX_ROW_START,
  CTX_ROWS,
  CTX_TRIM,
  CTX_WIDTH,
  REJECT_CODE,
  WIDTH_BITS,
  WIDTH_BYTES,
} from '../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { LogicalType } from '../../metadata/logical-type.ts';
import type { ZoneTable } from '../zone-table.ts';
import type { AreaCursor } from './area-cursor.ts';
import type { CastField } from './cast-field.ts';
import { castReason, nameOfType } from './cast-reason.ts';
import { type PlacedColumn, valueBytes } from './placed-column.ts';
import { settleSlowCells } from './slow-cells.ts';

/** Microseconds of one unit of a timestamp; nanoseconds are finer. */
const MICROSECONDS = { s: 1_000_000n, ms: 1000n, us: 1n } as const;

/** The text of a constant as a field of the file would hold it; null where it is no text (`@line`, `@loaded_at`). */
export function constantText(field: Pick<CastField, 'constant'>, { file }: { readonly file: string }): string | null {
  if (field.constant?.kind === 'text') return field.constant.text;
  return field.constant?.kind === 'file' ? file : null;
}

/**
 * Casts the text of a constant once, by the kernel's own rules, into row 0 of `column`, whose descriptor is the only one there is.
 * Fails with ATLAS_META_INVALID where the text is not of the type. Overwrites the dialect.
 */
function castConstant(
  kernel: Kernel,
  context: number,
  column: PlacedColumn,
  text: string,
  scratch: AreaCursor,
  data: number,
  zones: ReadonlyMap<string, ZoneTable>,
): void {
  const { view } = kernel;
  const bytes = new TextEncoder().encode(text);
  const at = scratch.take(bytes.length);
  kernel.bytes.set(bytes, at);
  const put = (slot: number, value: number): void => view.setUint32(context + slot, value, true);
  put(CTX_QUOTE, 256);
  put(CTX_ESCAPE, 256);
  put(CTX_TRIM, 0);
  put(CTX_BARE_ESCAPES, 0);
  put(CTX_WIDTH, 1);
  put(CTX_ROWS, 1);
  put(CTX_COLUMN_COUNT, 1);
  put(CTX_DATA, data);
  put(CTX_REJECT_COUNT, 0);
  view.setBigUint64(context + CTX_NULL_LENGTHS, 0n, true);
  view.setBigUint64(context + CTX_NULL_NUMBERS, 0n, true);
  view.setUint32(view.getUint32(context + CTX_ROW_START, true), at, true);
  view.setUint32(view.getUint32(context + CTX_ENDS, true), at + bytes.length, true);
  kernel.exports.csvCast(context);
  settleSlowCells(kernel, context, [column], zones);
  if (view.getUint32(context + CTX_BAD_COUNT, true) === 0) return;
  const status = view.getUint32(view.getUint32(context + CTX_REJECTS, true) + REJECT_CODE, true);
  const { reason } = castReason(status, column.field);
  throw new AtlasError('ATLAS_META_INVALID', `the value of feature ${column.field.field.name} is ${reason}`);
}

/** What constants stand for in one input. */
export interface ConstantFacts {
  /** Name that `@file` columns hold. */
  readonly file: string;
  /** Microseconds since 1970 for `@loaded_at`. */
  readonly loadedAt: bigint;
}

/**
 * Fills a column placed as the first of a context with its constant, for every row there can be; its text goes to `data`. Answers the
 * column without its descriptor, which others may use then. Fails with ATLAS_META_INVALID where the constant is not of the type.
 */
export function fillConstant(
  kernel: Kernel,
  context: number,
  column: PlacedColumn,
  facts: ConstantFacts,
  rows: number,
  scratch: AreaCursor,
  data: AreaCursor,
  zones: ReadonlyMap<string, ZoneTable>,
): PlacedColumn {
  const text = constantText(column.field, facts);
  if (text === null) writeLoadedAt(kernel, column, facts.loadedAt);
  const at = data.take(0);
  if (text !== null) castConstant(kernel, context, column, text, scratch, at, zones);
  const length = column.width === WIDTH_BYTES ? kernel.view.getUint32(column.values + 4, true) : 0;
  data.take(length * rows);
  repeatConstant(kernel, column, rows, length, at);
  return { ...column, descriptor: 0, data: length === 0 ? 0 : at };
}

/** Repeats row 0 of a constant for `rows` rows; the text of a `bytes` column is `length` bytes at `data`. */
function repeatConstant(kernel: Kernel, column: PlacedColumn, rows: number, length: number, data: number): void {
  const { bytes, view } = kernel;
  bytes.fill(0xff, column.validity, column.validity + ((rows + 7) >> 3));
  if (column.width === WIDTH_BITS) {
    bytes.fill((view.getUint8(column.values) & 1) * 0xff, column.values, column.values + valueBytes(WIDTH_BITS, rows));
  } else if (column.width === WIDTH_BYTES) {
    for (let row = 0; row <= rows; row++) view.setUint32(column.values + row * 4, row * length, true);
    repeatBytes(bytes, data, length, rows);
  } else repeatBytes(bytes, column.values, column.width, rows);
}

/** Makes a column null in `rows` rows. */
export function clearColumn({ bytes }: Kernel, column: PlacedColumn, rows: number): void {
  bytes.fill(0, column.validity, column.validity + ((rows + 7) >> 3));
  bytes.fill(0, column.values, column.values + valueBytes(column.width, rows));
}

function repeatBytes(bytes: Uint8Array, at: number, length: number, times: number): void {
  for (let have = 1; have < times; have *= 2) {
    bytes.copyWithin(at + have * length, at, at + Math.min(have, times - have) * length);
  }
}

/** Writes the start of the run into row 0: in its unit, seconds and milliseconds cut off below it. */
function writeLoadedAt(kernel: Kernel, column: PlacedColumn, microseconds: bigint): void {
  const type: LogicalType = column.field.field.type;
  if (type.kind !== 'timestamp') {
    throw new AtlasError('ATLAS_META_INVALID', `@loaded_at is a timestamp, the feature is ${nameOfType(type)}`);
  }
  const value = type.unit === 'ns' ? microseconds * 1000n : floorDivide(microseconds, MICROSECONDS[type.unit]);
  kernel.view.setBigInt64(column.values, value, true);
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
