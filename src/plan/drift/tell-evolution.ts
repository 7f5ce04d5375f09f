import type { DatasetPlan, FeaturePlan } from '../../flow/dataset-plan.ts';
import type { Drift, WidenedFeature } from '../../flow/drift.ts';
import { nameLogicalType } from '../../metadata/logical-type.ts';
import { tellMissing } from './ignore-drift.ts';
import type { DriftVerdict } from './judge-drift.ts';
import { nameColumn } from './name-columns.ts';
import { recordDrift } from './record-drift.ts';

const WITHOUT_VALUE = 'it holds no value yet, and is not added';
const WITHOUT_TYPE = 'no feature can hold its type, and it is not added';

/** What an evolved plan has beyond the declared one. */
export interface Followed {
  /** Features that earlier runs added, and those that this one adds. */
  readonly kept: readonly FeaturePlan[];
  readonly added: readonly FeaturePlan[];
  readonly widened: readonly WidenedFeature[];
}

/** What drifted and how a plan follows it; null where nothing did. `plan`: the declared one. Pure. */
export function tellEvolution(
  plan: DatasetPlan,
  verdict: DriftVerdict,
  { kept, added, widened }: Followed,
): Drift | null {
  const { union, appeared, partial } = verdict.comparison;
  const there = new Set(union);
  const beyond = new Map([...kept, ...added].map((feature) => [feature.name, feature]));
  const isNew = new Set(added.map(({ name }) => name));
  const empty = new Set(verdict.untaken.filter((name) => !beyond.has(name)));
  const fateOfMissing = tellMissing(plan, verdict);
  const why = plan.source.type === 'csv' ? WITHOUT_VALUE : WITHOUT_TYPE;
  const fate = (name: string): string | null => {
    const feature = beyond.get(name);
    if (feature && isNew.has(name)) return `added as ${nameLogicalType(feature.type)}`;
    if (feature) return there.has(name) ? 'an earlier run added it' : 'it stays, null in every row';
    return fateOfMissing(name) ?? (empty.has(name) ? why : null);
  };
  const told = new Set([...appeared, ...partial].map(({ name }) => name));
  const sentences = [
    ...widened.map(({ name, declared, type }) => `${name} is declared ${declared}, and widened to ${type}`),
    ...[...empty].filter((name) => !told.has(name)).map((name) => `${nameColumn(name)}: ${why}`),
    ...tellTwins(plan, [...beyond.keys()]),
  ];
  const everywhere = new Set(union);
  for (const { name } of partial) everywhere.delete(name);
  return recordDrift(verdict, {
    missing: [...verdict.missing, ...[...beyond.keys()].filter((name) => !everywhere.has(name))],
    evolved: [...beyond.values()].map(({ name, type, format, style }) => ({
      name,
      type: nameLogicalType(type),
      format,
      style,
    })),
    added: [...isNew],
    widened,
    fate,
    sentences,
  });
}

/** Names that are hard to tell from one before them. */
function tellTwins({ source }: DatasetPlan, evolved: readonly string[]): readonly string[] {
  const squeezed = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]+/g, '');
  const known = new Map(source.features.map(({ name }) => [squeezed(name), name]));
  return evolved.flatMap((name) => {
    const other = known.get(squeezed(name));
    known.set(squeezed(name), name);
    if (other === undefined) return [];
    const both = `${nameColumn(other)} and ${nameColumn(name)}`;
    if (other.toLowerCase() === name.toLowerCase()) {
      return [`${both} differ by case alone: many engines take them for one`];
    }
    return [`${both} may be one column under two names`];
  });
}
