import { CTX_NULL_COUNT, CTX_NULL_LENGTHS, CTX_NULLS } from '../../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { AreaCursor } from '../../cast/area-cursor.ts';

/** Tells the context which texts mean null. */
export function writeNullValues(
  { view, bytes }: Kernel,
  context: number,
  nullValues: readonly string[],
  area: AreaCursor,
): void {
  const table = area.take(nullValues.length * 8);
  let lengths = 0n;
  nullValues.forEach((text, index) => {
    const spelled = Buffer.from(text);
    const at = area.take(spelled.length);
    bytes.set(spelled, at);
    view.setUint32(table + index * 8, at, true);
    view.setUint32(table + index * 8 + 4, spelled.length, true);
    lengths |= 1n << BigInt(Math.min(spelled.length, 63));
  });
  view.setUint32(context + CTX_NULL_COUNT, nullValues.length, true);
  view.setUint32(context + CTX_NULLS, table, true);
  view.setBigUint64(context + CTX_NULL_LENGTHS, lengths, true);
}
