import type { DatasetPlan, FeaturePlan } from '../../flow/dataset-plan.ts';
import type { EvolvedFeature, WidenedFeature } from '../../flow/drift.ts';
import type { InputProfile } from '../../flow/profile.ts';
import { nameLogicalType } from '../../metadata/logical-type.ts';
import { widenFeature } from '../infer/widen-feature.ts';
import { readsByName } from '../names-columns.ts';
import { columnsByName } from './columns-by-name.ts';
import type { Evolution } from './evolution.ts';
import { evolveTable } from './evolve-table.ts';
import { featureOf, publishedType } from './evolved-feature.ts';
import { evolvedType } from './evolved-type.ts';
import type { DriftVerdict, LastRun } from './judge-drift.ts';
import { refuseEvolution } from './refuse-evolution.ts';
import { tellEvolution } from './tell-evolution.ts';
import { withFeatures } from './with-features.ts';

export interface EvolveFacts {
  readonly plan: DatasetPlan;
  readonly verdict: DriftVerdict;
  readonly last: LastRun | null;
  /** All inputs; none where no value has to be looked at (see `needsProfiles`). */
  readonly profiles: readonly InputProfile[];
}

/**
 * Follows drift by adding and widening alone: declared features as wide as their values and the last schema need, then those that earlier
 * runs added, then columns that no feature takes, in order of first appearance. A column without any value yet is not added: its type is
 * unknown. Doing it to the same inputs again, with its own result as the last run, changes nothing. Pure.
 * Fails with ATLAS_DRIFT_IMPOSSIBLE where that cannot be.
 */
export function evolvePlan({ plan, verdict, last, profiles }: EvolveFacts): Evolution {
  const { source } = plan;
  if (source.type === 'postgresql' || source.type === 'mysql') return evolveTable(plan, source, verdict, last);
  if (source.type !== 'csv') throw new TypeError(`columns of ${source.type} sources do not evolve`);
  const columns = columnsByName(source, profiles);
  const lastTypes = new Map((last?.schema ?? []).map(({ name, type }) => [name, publishedType(type)]));
  const before = carried(plan, last);
  const carriedNames = new Set(before.map(({ name }) => name));
  const fresh = verdict.untaken.filter((name) => !carriedNames.has(name));
  const found = fresh.flatMap((name): readonly EvolvedFeature[] => {
    const type = evolvedType(source, columns.named(name));
    // a feature that was declared once keeps its type, as every other does
    const known = lastTypes.get(name);
    return type === null ? [] : [{ ...type, name, type: nameLogicalType(known ?? type.type) }];
  });
  refuseEvolution(plan, verdict, [...carriedNames, ...found.map(({ name }) => name)], last);

  const widened: WidenedFeature[] = [];
  const declared = plan.source.features.map((feature, index) => {
    const type = widenFeature(plan, feature, lastTypes.get(feature.name) ?? null, columns.of(feature, index));
    const [was, is] = [nameLogicalType(feature.type), nameLogicalType(type)];
    if (was === is) return feature;
    widened.push({ name: feature.name, declared: was, type: is });
    return { ...feature, type };
  });
  const widen = (feature: EvolvedFeature): FeaturePlan => {
    const plain = featureOf(feature, plan);
    return { ...plain, type: widenFeature(plan, plain, lastTypes.get(plain.name) ?? null, columns.named(plain.name)) };
  };
  const kept = before.map(widen);
  const added = found.map(widen);
  return {
    plan: withFeatures(plan, [...declared, ...kept, ...added]),
    drift: tellEvolution(plan, verdict, { kept, added, widened }),
  };
}

/** Features that earlier runs added and no document takes over, by their name or by their column. */
function carried({ source }: DatasetPlan, last: LastRun | null): readonly EvolvedFeature[] {
  if (!readsByName(source)) return [];
  const taken = new Set(source.features.flatMap(({ name, from, constant }) => (constant ? [name] : [name, from])));
  return (last?.drift?.evolved ?? []).filter(({ name }) => !taken.has(name));
}
