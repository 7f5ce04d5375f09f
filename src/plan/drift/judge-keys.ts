import { AtlasError, CODES } from '../../errors.ts';
import type { DatasetPlan } from '../../flow/dataset-plan.ts';
import type { UntakenKeys } from '../../flow/tally.ts';
import { parseKeyPath } from '../../metadata/key-path.ts';
import type { LastRun } from './judge-drift.ts';

/** What the objects of a run had beside what features take, for its receipt. */
export interface KeyVerdict {
  /** All keys that are known by now: those of features, those of earlier runs, those that were met. */
  readonly columns: readonly string[];
  readonly ignored: readonly string[];
  readonly note: string | null;
}

const NAMED = 20;

/**
 * Holds the keys that no feature takes against those that earlier runs knew: one that is new would be lost without a word. To be called once
 * all lines are read; a key that is gone is no drift, because lines need not have all keys. Pure.
 * Fails with ATLAS_DRIFT_FOUND where on_drift is `fail` and a key is new.
 */
export function judgeKeys(plan: DatasetPlan, { names, incomplete }: UntakenKeys, last: LastRun | null): KeyVerdict {
  const own = plan.source.features.flatMap(({ constant, from }) => (constant === null ? [outermost(from)] : []));
  const before = last?.columns ?? null;
  const known = new Set(before ?? []);
  const fresh = before === null ? [] : names.filter((name) => !known.has(name));
  if (plan.onDrift === 'fail' && fresh.length > 0) {
    const what = `${fresh.length === 1 ? 'a key' : 'keys'} that no feature takes, and that run ${last?.run} did not meet`;
    throw new AtlasError('ATLAS_DRIFT_FOUND', `${plan.source.path} has ${what}: ${listed(fresh, incomplete)}`, {
      hint: CODES.ATLAS_DRIFT_FOUND.hint,
    });
  }
  const novel = fresh.length > 0 ? `; new since run ${last?.run}: ${listed(fresh, incomplete)}` : '';
  return {
    columns: [...new Set([...own, ...(before ?? []), ...names])],
    ignored: names,
    note: names.length === 0 ? null : `keys that no feature takes: ${listed(names, incomplete)}${novel}`,
  };
}

function outermost(from: string): string {
  const keys = parseKeyPath(from);
  return 'problem' in keys ? from : (keys[0] ?? from);
}

function listed(names: readonly string[], incomplete: boolean): string {
  const shown = names
    .slice(0, NAMED)
    .map((name) => JSON.stringify(name))
    .join(', ');
  if (names.length <= NAMED) return incomplete ? `${shown} and others` : shown;
  return `${shown} and ${names.length - NAMED}${incomplete ? ' or' : ''} more`;
}
