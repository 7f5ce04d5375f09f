import { CTX_CELL } from '../../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { SlowCells } from '../../cast/slow-cells.ts';

/** How the cells are read that the kernel left to the host: floats of very many digits, local times of a year not yet known. */
export function jsonCells({ exports, view, bytes }: Kernel, context: number): SlowCells {
  return {
    text: ({ descriptor }, row) => {
      const length = exports.jsonCellText(context, descriptor, row);
      return Buffer.from(bytes.buffer, view.getUint32(context + CTX_CELL, true), length).toString('latin1');
    },
    cast: ({ descriptor }, row) => exports.jsonCastCell(context, descriptor, row),
  };
}
