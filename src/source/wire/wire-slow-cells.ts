import type { Kernel } from '../../kernel/kernel.ts';
import type { SlowCells } from '../cast/slow-cells.ts';
import { numericText } from './wire-cell-text.ts';
import type { SentColumn } from './wire-columns.ts';
import type { WireMemory } from './wire-memory.ts';

/** The bytes of a cell in the window, or null. */
export function wireCell(
  kernel: Kernel,
  { cells, width }: WireMemory,
  row: number,
  position: number,
): Uint8Array | null {
  const at = cells + (row * width + position) * 8;
  const from = kernel.view.getUint32(at, true);
  return from === 0 ? null : kernel.bytes.subarray(from, kernel.view.getUint32(at + 4, true));
}

/** How the cells are read that the kernel left to the host: floats of very many digits, local times of a year not yet known. */
export function wireCells(kernel: Kernel, memory: WireMemory, sent: readonly SentColumn[]): SlowCells {
  return {
    text: ({ field }, row) => {
      const position = field.position ?? 0;
      const bytes = wireCell(kernel, memory, row, position) ?? new Uint8Array();
      if (sent[position]?.wire.form === 'numeric') return numericText(bytes);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    },
    cast: ({ descriptor }, row) => kernel.exports.wireCastCell(memory.context, descriptor, row),
  };
}
