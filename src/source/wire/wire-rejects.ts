import { AtlasError } from '../../errors.ts';
import type { Reject } from '../../flow/reject.ts';
import {
  CTX_REJECT_COUNT,
  CTX_REJECTS,
  CTX_ROW_END,
  CTX_ROW_START,
  REJECT_CODE,
  REJECT_COLUMN,
  REJECT_ROW,
  REJECT_SIZE,
  STATUS_WIRE,
} from '../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { cellJson } from './wire-cell-text.ts';
import type { SentColumn } from './wire-columns.ts';
import { wireReason } from './wire-faults.ts';
import type { WireMemory } from './wire-memory.ts';
import type { WireProtocol } from './wire-shape.ts';
import { wireCell } from './wire-slow-cells.ts';

/** Characters of a row that are kept, about. */
const KEPT = 65_536;

export interface RejectPlace {
  /** What rejects call the source. */
  readonly path: string;
  /** Number of the first row of the batch in its task, from 0. */
  readonly row: number;
  /** Bytes of row messages before the batch. */
  readonly offset: number;
}

/**
 * The rows of a batch that could not be taken, in their order, each as JSON of the columns that were sent. To be called before they are
 * taken out of the columns. Fails with ATLAS_DB_PROTOCOL where a cell is not of its column's form.
 */
export function readWireRejects(
  kernel: Kernel,
  memory: WireMemory,
  sent: readonly SentColumn[],
  protocol: WireProtocol,
  place: RejectPlace,
): readonly Reject[] {
  const { view } = kernel;
  const slot = (offset: number): number => view.getUint32(memory.context + offset, true);
  const count = slot(CTX_REJECT_COUNT);
  const rejects: Reject[] = [];
  const first = view.getUint32(slot(CTX_ROW_START), true);
  for (let index = 0; index < count; index++) {
    const entry = slot(CTX_REJECTS) + index * REJECT_SIZE;
    const row = view.getUint32(entry + REJECT_ROW, true);
    const column = sent[view.getUint32(entry + REJECT_COLUMN, true)];
    const status = view.getUint32(entry + REJECT_CODE, true);
    if (column === undefined) throw new AtlasError('ATLAS_INTERNAL', 'a reject names no column');
    if (status === STATUS_WIRE) {
      const length = wireCell(kernel, memory, row, column.placed.field.position ?? 0)?.length ?? 0;
      throw new AtlasError(
        'ATLAS_DB_PROTOCOL',
        `row ${place.row + row + 1} of ${place.path}: the ${length} bytes of ${column.from} are no ${column.wire.form}`,
      );
    }
    const start = view.getUint32(slot(CTX_ROW_START) + row * 4, true);
    const text = rowText(kernel, memory, sent, protocol, row);
    const truncated = text.length > KEPT;
    rejects.push({
      file: place.path,
      line: place.row + row,
      offset: place.offset + start - first,
      length: view.getUint32(slot(CTX_ROW_END) + row * 4, true) - start,
      column: column.from,
      ...wireReason(status, column.placed.field),
      raw: truncated ? wholeText(text.slice(0, KEPT)) : text,
      rawBase64: null,
      truncated,
    });
  }
  return rejects.sort((a, b) => a.line - b.line);
}

function rowText(
  kernel: Kernel,
  memory: WireMemory,
  sent: readonly SentColumn[],
  protocol: WireProtocol,
  row: number,
): string {
  let text = '';
  for (const { wire, from, placed } of sent) {
    const bytes = wireCell(kernel, memory, row, placed.field.position ?? 0);
    const value = bytes === null ? 'null' : cellJson(bytes, wire, protocol, KEPT);
    text += `${text === '' ? '{' : ','}${JSON.stringify(from)}:${value}`;
    if (text.length > KEPT) return text;
  }
  return `${text === '' ? '{' : text}}`;
}

/** Without half a character at its end. */
function wholeText(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
