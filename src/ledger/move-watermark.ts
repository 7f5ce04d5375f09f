import { AtlasError } from '../errors.ts';
import { comparePoints, parsePoint } from '../flow/point.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { ReceiptWatermark, Watermark } from '../flow/watermark.ts';

/**
 * The watermark that a settled receipt leaves in the ledger; null where it leaves what is there. `current`: what is there, or null.
 * Fails with ATLAS_INTERNAL where one of the two has no place in the order of the column.
 */
export function moveWatermark(
  { run, ocs, dataset, target, endedAt }: Receipt,
  { source, path, column, kind, how, floor, after }: ReceiptWatermark,
  current: Watermark | null,
): Watermark | null {
  if (after === null && how === 'backfill') return null;
  const moved = { ocs, dataset, target, source, path, column, kind, floor, value: after, run, at: endedAt };
  if (how === 'full_refresh' || current === null) return moved;
  if (after === null) return null;
  if (current.value === null) return moved;
  return comparePoints(pointOf(kind, after), pointOf(kind, current.value)) > 0 ? moved : null;
}

function pointOf(kind: Watermark['kind'], text: string) {
  const point = parsePoint(kind, text);
  if (point !== null) return point;
  throw new AtlasError('ATLAS_INTERNAL', `a watermark of kind ${kind} is no value of it`);
}
