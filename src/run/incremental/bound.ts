import type { IncrementalPlan, IncrementalRange } from '../../flow/dataset-plan.ts';
import { comparePoints, type Point, parsePoint } from '../../flow/point.ts';

/** A cut through the values of a column: before those that equal `text`, or after them. null = before or after all of them. */
export interface Bound {
  readonly text: string;
  readonly point: Point;
  readonly after: boolean;
}

/** Values between two bounds; null = open. */
export interface Interval {
  readonly begin: Bound | null;
  readonly end: Bound | null;
}

/** The bound at a value, which has been read before. */
export function boundAt(kind: IncrementalPlan['kind'], text: string, after: boolean): Bound {
  return { text, after, point: parsePoint(kind, text) as Point };
}

/** Negative, zero or positive, as `a` stands before, at or after `b`. */
export function compareBounds(a: Bound, b: Bound): number {
  return comparePoints(a.point, b.point) || Number(a.after) - Number(b.after);
}

/** What of an interval (both ends given) is left once others are taken out of it, in order. */
export function subtract(
  whole: { readonly begin: Bound; readonly end: Bound },
  taken: readonly Interval[],
): readonly { readonly begin: Bound; readonly end: Bound }[] {
  let left = compareBounds(whole.begin, whole.end) < 0 ? [whole] : [];
  for (const { begin, end } of taken) {
    left = left.flatMap((piece) => {
      const before = begin === null ? null : least(piece.end, begin);
      const behind = end === null ? null : greatest(piece.begin, end);
      return [
        ...(before !== null && compareBounds(piece.begin, before) < 0 ? [{ begin: piece.begin, end: before }] : []),
        ...(behind !== null && compareBounds(behind, piece.end) < 0 ? [{ begin: behind, end: piece.end }] : []),
      ];
    });
  }
  return left;
}

/** Rows between two bounds; none without a value. */
export function rangeOf({ begin, end }: { readonly begin: Bound; readonly end: Bound }): IncrementalRange {
  return { from: begin.text, fromInclusive: !begin.after, to: end.text, toInclusive: end.after, nulls: false };
}

function least(a: Bound, b: Bound): Bound {
  return compareBounds(a, b) <= 0 ? a : b;
}

function greatest(a: Bound, b: Bound): Bound {
  return compareBounds(a, b) >= 0 ? a : b;
}
