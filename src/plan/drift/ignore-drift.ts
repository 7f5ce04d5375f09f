import type { DatasetPlan } from '../../flow/dataset-plan.ts';
import type { Drift } from '../../flow/drift.ts';
import type { DriftVerdict } from './judge-drift.ts';
import { recordDrift } from './record-drift.ts';
import { takesAll } from './server-columns.ts';

/** What a run that follows nothing does about drift: new columns are left alone, missing ones read as null. null where nothing drifted. Pure. */
export function ignoreDrift(plan: DatasetPlan, verdict: DriftVerdict): Drift | null {
  const lost = new Set(verdict.untaken);
  const fateOfMissing = tellMissing(plan, verdict);
  const isOwn = takesAll(plan.source);
  const appeared = new Set(verdict.comparison.appeared.map(({ name }) => name));
  const fate = (name: string): string | null => {
    if (isOwn && appeared.has(name)) return 'it is published with the others';
    return fateOfMissing(name) ?? (lost.has(name) ? 'no feature takes it' : null);
  };
  return recordDrift(verdict, { missing: verdict.missing, evolved: [], added: [], widened: [], sentences: [], fate });
}

/** What becomes of columns that features want and some inputs lack. */
export function tellMissing(
  { source }: DatasetPlan,
  { comparison, missing }: DriftVerdict,
): (name: string) => string | null {
  const there = new Set(comparison.union);
  const absent = new Set(missing);
  return (name) => {
    if (!absent.has(name)) return null;
    const takers = source.features.filter(({ from, constant }) => constant === null && from === name);
    return `${takers.map((feature) => feature.name).join(', ')} reads as null${there.has(name) ? ' there' : ''}`;
  };
}
