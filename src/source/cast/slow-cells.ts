import {
  COL_DATA,
  COL_ZONE,
  CTX_BAD,
  CTX_CELL,
  CTX_MISSING_YEAR,
  CTX_REJECTS,
  CTX_ROWS,
  CTX_SLOW,
  CTX_SLOW_COUNT,
  KIND_JSON,
  REJECT_COLUMN,
  REJECT_SIZE,
  STATUS_RANGE,
  STATUS_SYNTAX,
} from '../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { ZoneTable } from '../zone-table.ts';
import { castFloat } from './cast-float.ts';
import type { PlacedColumn } from './placed-column.ts';

/** How a source of columns gets at the cells that the kernel left to the host. */
export interface SlowCells {
  /** What the number of a cell is read from, one character a byte. */
  text(column: PlacedColumn, row: number): string;
  /** Casts a cell once more. */
  cast(column: PlacedColumn, row: number): void;
}

/**
 * Casts the cells that the kernel left to the host, into their places or into the rejects: floats of very many digits or near the
 * ends of their range, and local times of a year that is not in their zone's table yet. Then looks at the text of json columns.
 * `columns` are those the kernel sees, by rank; `zones` the tables of those that have one, by name.
 */
export function settleSlowCells(
  kernel: Kernel,
  context: number,
  columns: readonly PlacedColumn[],
  zones: ReadonlyMap<string, ZoneTable>,
  cells: SlowCells = csvCells(kernel, context),
): void {
  const { view, exports } = kernel;
  const count = view.getUint32(context + CTX_SLOW_COUNT, true);
  const list = view.getUint32(context + CTX_SLOW, true);
  for (let i = 0; i < count; i++) {
    const column = columns[view.getUint32(list + i * 8, true)];
    const row = view.getUint32(list + i * 8 + 4, true);
    if (column === undefined) continue;
    const { type } = column.field.field;
    if (type.kind === 'float') {
      const at = column.values + row * column.width;
      const status = settleFloat(view, at, type.bits, cells.text(column, row));
      if (status !== 0) exports.csvSettleCell(context, column.descriptor, row, status);
      continue;
    }
    // The first cell of a year brings its offsets; those after it find them.
    cells.cast(column, row);
    if (view.getUint32(context + CTX_SLOW_COUNT, true) > count) {
      view.setUint32(context + CTX_SLOW_COUNT, count, true);
      const year = view.getUint32(context + CTX_MISSING_YEAR, true);
      zones.get(column.field.timezone)?.write(kernel, view.getUint32(column.descriptor + COL_ZONE, true), year);
      cells.cast(column, row);
    }
  }
  columns.forEach((column, rank) => {
    if (column.kind === KIND_JSON) checkJson(kernel, context, column, rank);
  });
}

function settleFloat(view: DataView<ArrayBuffer>, at: number, bits: 32 | 64, text: string): number {
  const value = castFloat(text, bits);
  if (typeof value === 'string') return value === 'range' ? STATUS_RANGE : STATUS_SYNTAX;
  if (bits === 32) view.setFloat32(at, value, true);
  else view.setFloat64(at, value, true);
  return 0;
}

function checkJson(kernel: Kernel, context: number, column: PlacedColumn, rank: number): void {
  const { view } = kernel;
  const rejects = view.getUint32(context + CTX_REJECTS, true);
  const memory = Buffer.from(kernel.memory.buffer);
  const rows = view.getUint32(context + CTX_ROWS, true);
  const bad = view.getUint32(context + CTX_BAD, true);
  const data = view.getUint32(column.descriptor + COL_DATA, true);
  for (let row = 0; row < rows; row++) {
    const isNull = ((view.getUint8(column.validity + (row >> 3)) >> (row & 7)) & 1) === 0;
    const reject = view.getUint32(bad + row * 4, true);
    // A column before this one, or this one's bytes, made the row bad: nothing to add.
    const known = reject !== 0 && view.getUint32(rejects + (reject - 1) * REJECT_SIZE + REJECT_COLUMN, true) <= rank;
    if (isNull || known) continue;
    const from = data + view.getUint32(column.values + row * 4, true);
    const to = data + view.getUint32(column.values + row * 4 + 4, true);
    if (!isJson(memory.toString('utf8', from, to))) {
      kernel.exports.csvSettleCell(context, column.descriptor, row, STATUS_SYNTAX);
    }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Cells of a field index. */
function csvCells({ exports, view, bytes }: Kernel, context: number): SlowCells {
  return {
    text: (column, row) => {
      const length = exports.csvCellText(context, column.descriptor, row);
      return Buffer.from(bytes.buffer, view.getUint32(context + CTX_CELL, true), length).toString('latin1');
    },
    cast: (column, row) => exports.csvCastCell(context, column.descriptor, row),
  };
}
