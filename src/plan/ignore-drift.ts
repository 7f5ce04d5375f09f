import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Drift } from '../flow/drift.ts';
import type { DriftVerdict } from './judge-drift.ts';
import { tellColumn } from './tell-column.ts';

/** Sentences at most. */
const LISTED = 20;

/** What a run that follows nothing does about drift: new columns are left alone, missing ones read as null. null where nothing drifted. Pure. */
export function ignoreDrift({ source }: DatasetPlan, verdict: DriftVerdict): Drift | null {
  const { comparison, missing, untaken, since } = verdict;
  const features = new Map<string, string[]>();
  for (const { name, from, constant } of source.features) {
    if (constant === null) features.set(from, [...(features.get(from) ?? []), name]);
  }
  const there = new Set(comparison.union);
  const lost = new Set(untaken);
  const absent = new Set(missing);
  return recordDrift(verdict, since, (name) => {
    if (absent.has(name))
      return `${(features.get(name) ?? []).join(', ')} reads as null${there.has(name) ? ' there' : ''}`;
    return lost.has(name) ? 'no feature takes it' : null;
  });
}

/** Drift without anything that follows it; `fate` says what becomes of a column. */
function recordDrift(
  verdict: DriftVerdict,
  since: string | null,
  fate: (column: string) => string | null,
): Drift | null {
  const { comparison, missing } = verdict;
  const appeared = comparison.appeared.map(({ name }) => name);
  const partial = comparison.partial.map(({ name }) => name);
  const { gone } = comparison;
  const names = [...new Set([...appeared, ...partial, ...gone, ...missing])];
  if (names.length === 0) return null;
  const notes = names.slice(0, LISTED).map((name) => {
    const end = fate(name);
    return tellColumn(name, comparison, verdict, missing.includes(name)) + (end === null ? '' : `: ${end}`);
  });
  if (names.length > LISTED) notes.push(`and ${names.length - LISTED} more columns differ`);
  return { since, appeared, gone, partial, missing, evolved: [], added: [], widened: [], notes };
}
