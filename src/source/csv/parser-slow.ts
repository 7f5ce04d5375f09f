import {
  COL_NULLS,
  CTX_ENDS,
  CTX_ESCAPE,
  CTX_QUOTE,
  CTX_ROW_START,
  CTX_SLOW,
  CTX_SLOW_COUNT,
  CTX_WIDTH,
  STATUS_RANGE,
  STATUS_SYNTAX,
} from '../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { castFloat } from './cast-float.ts';
import type { PlacedColumn } from './parser-columns.ts';
import type { RejectList } from './parser-rejects.ts';

/** Casts the cells that the kernel left to the host, into their places or into the rejects. */
export function settleSlowCells(
  kernel: Kernel,
  context: number,
  columns: readonly PlacedColumn[],
  rejects: RejectList,
): void {
  const { view } = kernel;
  const count = view.getUint32(context + CTX_SLOW_COUNT, true);
  const list = view.getUint32(context + CTX_SLOW, true);
  for (let i = 0; i < count; i++) {
    const column = columns[view.getUint32(list + i * 8, true)];
    const row = view.getUint32(list + i * 8 + 4, true);
    if (column === undefined) continue;
    const status = castCell(kernel, column, row, cellText(kernel, context, column, row));
    if (status === 0) continue;
    const lost = status === STATUS_RANGE && column.field.onLoss === 'null' && column.field.field.nullable;
    if (lost) {
      const at = column.validity + (row >> 3);
      view.setUint8(at, view.getUint8(at) & ~(1 << (row & 7)));
      const nulls = column.descriptor + COL_NULLS;
      view.setUint32(nulls, view.getUint32(nulls, true) + 1, true);
    } else rejects.add(row, columns.indexOf(column), status);
  }
}

function castCell(kernel: Kernel, column: PlacedColumn, row: number, text: string): number {
  const { type } = column.field.field;
  const at = column.values + row * column.width;
  if (type.kind === 'float') {
    const value = castFloat(text, type.bits);
    if (typeof value === 'string') return value === 'range' ? STATUS_RANGE : STATUS_SYNTAX;
    if (type.bits === 32) kernel.view.setFloat32(at, value, true);
    else kernel.view.setFloat64(at, value, true);
    return 0;
  }
  return STATUS_SYNTAX;
}

/** A cell as it reads, unescaped; bytes that are not ASCII each become one character. */
function cellText(kernel: Kernel, context: number, column: PlacedColumn, row: number): string {
  const { view, bytes } = kernel;
  const width = view.getUint32(context + CTX_WIDTH, true);
  const ends = view.getUint32(context + CTX_ENDS, true);
  const position = column.field.position ?? 0;
  const start =
    position === 0
      ? view.getUint32(view.getUint32(context + CTX_ROW_START, true) + row * 4, true)
      : view.getUint32(ends + (row * width + position - 1) * 4, true) + 1;
  const end = view.getUint32(ends + (row * width + position) * 4, true);
  const quote = view.getUint32(context + CTX_QUOTE, true);
  if (start === end || bytes[start] !== quote) return Buffer.from(bytes.buffer, start, end - start).toString('latin1');
  const escapeByte = view.getUint32(context + CTX_ESCAPE, true);
  let text = '';
  for (let i = start + 1; i < end - 1; i++) {
    const next = bytes[i + 1];
    if (bytes[i] === escapeByte && i + 2 < end && (next === quote || next === escapeByte)) i++;
    text += String.fromCharCode(bytes[i] ?? 0);
  }
  return text;
}
