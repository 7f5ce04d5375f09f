import type { DatasetPlan, FeaturePlan } from '../../flow/dataset-plan.ts';
import type { Drift, EvolvedFeature, WidenedFeature } from '../../flow/drift.ts';
import type { InputProfile } from '../../flow/profile.ts';
import { type LogicalType, nameLogicalType, parseLogicalType } from '../../metadata/logical-type.ts';
import { describeNotes } from '../describe-notes.ts';
import { hashPlan } from '../hash-plan.ts';
import { widenFeature } from '../infer/widen-feature.ts';
import { readsByName } from '../names-columns.ts';
import { columnsByName } from './columns-by-name.ts';
import { evolvedType } from './evolved-type.ts';
import type { DriftVerdict, LastRun } from './judge-drift.ts';
import { refuseEvolution } from './refuse-evolution.ts';
import { tellEvolution } from './tell-evolution.ts';

export interface EvolveFacts {
  readonly plan: DatasetPlan;
  readonly verdict: DriftVerdict;
  readonly last: LastRun | null;
  /** All inputs; none where no value has to be looked at (see `needsProfiles`). */
  readonly profiles: readonly InputProfile[];
}

/** A plan that follows drift, and how it differs from the declared one. */
export interface Evolution {
  /** The declared one itself where nothing had to change. */
  readonly plan: DatasetPlan;
  readonly drift: Drift | null;
}

/**
 * Follows drift by adding and widening alone: declared features as wide as their values and the last schema need, then those that earlier
 * runs added, then columns that no feature takes, in order of first appearance. A column without any value yet is not added: its type is
 * unknown. Doing it to the same inputs again, with its own result as the last run, changes nothing. Pure.
 * Fails with ATLAS_DRIFT_IMPOSSIBLE where that cannot be.
 */
export function evolvePlan({ plan, verdict, last, profiles }: EvolveFacts): Evolution {
  const { source } = plan;
  if (source.type !== 'csv') throw new TypeError(`columns of ${source.type} sources do not evolve`);
  const columns = columnsByName(source, profiles);
  const lastTypes = new Map((last?.schema ?? []).map(({ name, type }) => [name, typeOf(type)]));
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

function featureOf({ name, type, format, style }: EvolvedFeature, { source }: DatasetPlan): FeaturePlan {
  return {
    name,
    from: name,
    type: typeOf(type),
    nullable: true,
    sensitive: false,
    constant: null,
    format,
    timezone: zoneOf(source.features),
    onLoss: 'reject',
    style,
  };
}

/** The source's zone: only a timestamptz may have another of its own. */
function zoneOf(features: readonly FeaturePlan[]): string {
  const heir = features.find(({ type }) => type.kind !== 'timestamp' || !type.zoned);
  const [first, ...others] = features.map(({ timezone }) => timezone);
  return heir?.timezone ?? (others.every((zone) => zone === first) ? first : null) ?? 'UTC';
}

function withFeatures(plan: DatasetPlan, features: readonly FeaturePlan[]): DatasetPlan {
  const same =
    features.length === plan.source.features.length && features.every((each, i) => each === plan.source.features[i]);
  if (same) return plan;
  const { notes: before, hash: _hash, ...rest } = plan;
  const usual = describeNotes(rest);
  const decided = {
    ...rest,
    source: { ...plan.source, features },
    schema: { fields: features.map(({ name, type, nullable, sensitive }) => ({ name, type, nullable, sensitive })) },
  };
  const notes = [...describeNotes(decided), ...before.filter((note) => !usual.includes(note))];
  return { ...decided, notes, hash: hashPlan(decided) };
}

/** A type of a receipt or an evolved feature, which were named by us. */
function typeOf(text: string): LogicalType {
  const type = parseLogicalType(text);
  if ('problem' in type) throw new TypeError(type.problem);
  return type;
}
