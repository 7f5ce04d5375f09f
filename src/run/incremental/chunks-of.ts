import { AtlasError } from '../../errors.ts';
import type { IncrementalPlan } from '../../flow/dataset-plan.ts';
import { parseStep } from '../../flow/parse-step.ts';
import { comparePoints, movePoint, type Point, parsePoint } from '../../flow/point.ts';
import { spellPoint } from '../../flow/spell-point.ts';
import { noValue } from './begin-at.ts';
import type { IncrementalOrder } from './incremental-order.ts';

/** A backfill as people ask for it: from a value (inclusive) to another one (exclusive), in chunks of so much; null = in one. */
export interface Backfill {
  readonly from: string;
  readonly to: string;
  readonly chunk: string | null;
}

/** Chunks of one backfill: each is a run. */
const MOST = 10_000;

/**
 * Cuts a backfill into the chunks of one dataset, in order; where they are cut is a function of `from` and `chunk` alone, so that who starts
 * again finds the same. Fails with ATLAS_STATE_VALUE and ATLAS_USAGE.
 */
export function chunksOf(
  { from, to, chunk }: Backfill,
  incremental: IncrementalPlan,
): readonly Extract<IncrementalOrder, { kind: 'chunk' }>[] {
  const { kind, column, serverType } = incremental;
  const begin = pointAt('--from', from, incremental);
  const end = pointAt('--to', to, incremental);
  if (comparePoints(begin, end) >= 0) {
    throw new AtlasError('ATLAS_USAGE', `--from ${from} is not before --to ${to}: nothing lies between them`, {
      hint: '--from belongs to what is read, --to does not.',
    });
  }
  const step = chunk === null ? null : parseStep(kind, chunk);
  if (chunk !== null && (step === null || step.units === 0n)) {
    throw new AtlasError('ATLAS_USAGE', `--chunk is ${JSON.stringify(chunk)}, and ${column} is ${serverType}`, {
      hint: 'A time moves by 15m, 6h or 1d, a day by 1d, a number by a number.',
    });
  }
  const first = spellPoint(kind, begin);
  const chunks: Extract<IncrementalOrder, { kind: 'chunk' }>[] = [];
  let at = begin;
  for (let times = 1n; comparePoints(at, end) < 0; times += 1n) {
    const next = step === null ? end : movePoint(begin, step, times);
    const until = comparePoints(next, end) < 0 ? next : end;
    chunks.push({ kind: 'chunk', from: spellPoint(kind, at), to: spellPoint(kind, until), after: first });
    at = until;
    if (chunks.length <= MOST) continue;
    throw new AtlasError('ATLAS_USAGE', `--chunk ${chunk} makes more than ${MOST} chunks between ${from} and ${to}`, {
      hint: 'Give a larger --chunk.',
    });
  }
  return chunks;
}

function pointAt(flag: string, text: string, incremental: IncrementalPlan): Point {
  const point = parsePoint(incremental.kind, text.trim());
  if (point === null) throw noValue(flag, text, incremental);
  return point;
}
