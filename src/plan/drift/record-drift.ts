import type { Drift } from '../../flow/drift.ts';
import type { DriftVerdict } from './judge-drift.ts';
import { tellColumn } from './tell-column.ts';

/** Sentences at most. */
const LISTED = 20;

/** What follows drift, and what becomes of each column. */
export interface DriftAnswer extends Pick<Drift, 'missing' | 'evolved' | 'added' | 'widened'> {
  /** What becomes of a column, where something does. */
  readonly fate: (column: string) => string | null;
  /** Sentences about features. */
  readonly sentences: readonly string[];
}

/** The record of what drifted and what was done about it; null where nothing did. Pure. */
export function recordDrift(verdict: DriftVerdict, answer: DriftAnswer): Drift | null {
  const { comparison, since } = verdict;
  const appeared = comparison.appeared.map(({ name }) => name);
  const partial = comparison.partial.map(({ name }) => name);
  const { gone } = comparison;
  const { missing, evolved, added, widened, fate, sentences } = answer;
  const { retyped, loosened } = verdict.types;
  const changed = [...retyped.map(({ name }) => name), ...loosened];
  const names = [...new Set([...appeared, ...added, ...partial, ...gone, ...missing, ...changed])];
  if (names.length + evolved.length + widened.length + sentences.length === 0) return null;
  const wanted = new Set(verdict.missing);
  const columns = names.slice(0, LISTED).map((name) => {
    const end = fate(name);
    return tellColumn(name, comparison, verdict, wanted.has(name)) + (end === null ? '' : `: ${end}`);
  });
  const notes = [...columns, ...sentences.slice(0, LISTED)];
  const left = names.length - columns.length + Math.max(0, sentences.length - LISTED);
  if (left > 0) notes.push(`and ${left} more columns`);
  return {
    ...{ since, appeared, gone, partial, missing, evolved, added, widened, notes },
    ...(retyped.length > 0 ? { retyped } : {}),
    ...(loosened.length > 0 ? { loosened } : {}),
  };
}
