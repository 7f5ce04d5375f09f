import { AtlasError } from '../../errors.ts';
import type { IncrementalPlan } from '../../flow/dataset-plan.ts';
import type { Backfilled, Watermark } from '../../flow/watermark.ts';
import type { Beginning, StateFacts } from './beginning.ts';
import { type Bound, boundAt, compareBounds, type Interval, rangeOf, subtract } from './bound.ts';
import type { IncrementalOrder } from './incremental-order.ts';

/** What is known of a dataset when a chunk of a backfill begins. */
export interface ChunkFacts {
  readonly incremental: IncrementalPlan;
  readonly first: Beginning;
  readonly facts: StateFacts;
  readonly published: readonly Backfilled[];
  /** The target's partitions are replaced: reading rows again doubles none. */
  readonly replaces: boolean;
  /** What was published before is forgotten. */
  readonly force: boolean;
}

/**
 * Where a chunk of a backfill begins: what was published of it is left out. The watermark moves only where the chunk joins what lies below
 * it, and then to the greatest value read. Fails with ATLAS_STATE_GAP, and with ATLAS_STATE_COVERED where several pieces would be left.
 */
export function beginChunk(order: Extract<IncrementalOrder, { kind: 'chunk' }>, chunk: ChunkFacts): Beginning {
  const { incremental, first, facts, published, replaces, force } = chunk;
  const { kind, initial } = incremental;
  const { own, target } = facts;
  const whole = { begin: boundAt(kind, order.from, false), end: boundAt(kind, order.to, false) };
  const backfills = published.map(({ from, to }) => ({
    begin: boundAt(kind, from, false),
    end: boundAt(kind, to, false),
  }));
  const edge = joined(edgeOf(kind, own, initial), backfills);
  const reached = boundAt(kind, order.after, false);
  const joins = edge === null || compareBounds(reached, edge) <= 0;
  const floor = own === null ? (initial ?? order.after) : own.floor;
  const common = { ...first, how: 'backfill' as const, floor, before: own?.value ?? null, moves: joins, known: true };
  const taken = force ? [] : replaces ? backfills : [...backfills, ...ownInterval(kind, own)];
  const pieces = subtract(whole, taken);
  const name = `[${order.from}, ${order.to})`;
  const [piece] = pieces;
  if (piece === undefined) {
    const done = `${name} was published before${runOf(published, order)}: nothing is read`;
    return { ...common, range: rangeOf(whole), done };
  }
  if (pieces.length > 1) {
    const left = pieces.map(describePiece).join(', ');
    throw new AtlasError('ATLAS_STATE_COVERED', `of ${name} there is left to read ${left}`, {
      place: { file: target },
    });
  }
  if (!joins && !replaces) {
    const message = `the backfill begins at ${order.after}, and what was published ends at ${edge?.text}`;
    throw new AtlasError('ATLAS_STATE_GAP', message, { place: { file: target } });
  }
  const part =
    piece.begin === whole.begin && piece.end === whole.end
      ? []
      : [`of ${name} there is left to read ${describePiece(piece)}`];
  return { ...common, range: rangeOf(piece), notes: part };
}

/** Up to where everything was published, from the floor on; null where nothing was. */
function edgeOf(kind: IncrementalPlan['kind'], own: Watermark | null, initial: string | null): Bound | null {
  const text = own === null ? initial : (own.value ?? own.floor);
  return text === null ? null : boundAt(kind, text, true);
}

/** The edge, moved by what was backfilled without a gap above it. */
function joined(
  edge: Bound | null,
  backfills: readonly { readonly begin: Bound; readonly end: Bound }[],
): Bound | null {
  let far = edge;
  for (const { begin, end } of [...backfills].sort((a, b) => compareBounds(a.begin, b.begin))) {
    if (far !== null && compareBounds(begin, far) <= 0 && compareBounds(end, far) > 0) far = end;
  }
  return far;
}

function ownInterval(kind: IncrementalPlan['kind'], own: Watermark | null): readonly Interval[] {
  if (own === null || own.value === null) return [];
  return [{ begin: own.floor === null ? null : boundAt(kind, own.floor, true), end: boundAt(kind, own.value, true) }];
}

function describePiece({ begin, end }: { readonly begin: Bound; readonly end: Bound }): string {
  return `${begin.after ? '(' : '['}${begin.text}, ${end.text}${end.after ? ']' : ')'}`;
}

function runOf(published: readonly Backfilled[], { from, to }: { readonly from: string; readonly to: string }): string {
  const same = published.find((each) => each.from === from && each.to === to);
  return same === undefined ? '' : ` by run ${same.run}`;
}
