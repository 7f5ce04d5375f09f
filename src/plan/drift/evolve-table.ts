import { AtlasError, CODES } from '../../errors.ts';
import type { DatasetPlan, FeaturePlan, TableColumn, TableSourcePlan } from '../../flow/dataset-plan.ts';
import type { EvolvedFeature, WidenedFeature } from '../../flow/drift.ts';
import { type LogicalType, nameLogicalType } from '../../metadata/logical-type.ts';
import { widenType } from '../infer/widen-type.ts';
import { partitionFeatures } from '../partition-features.ts';
import { describeValue } from '../table/describe-value.ts';
import { finerThan } from '../table/finer-than.ts';
import { planColumn } from '../table/plan-column.ts';
import { proposeType } from '../table/propose-type.ts';
import type { Evolution } from './evolution.ts';
import { featureOf, publishedType } from './evolved-feature.ts';
import type { DriftVerdict, LastRun } from './judge-drift.ts';
import { mayWiden } from './needs-profiles.ts';
import { refuseEvolution } from './refuse-evolution.ts';
import { takesAll } from './server-columns.ts';
import { tellEvolution } from './tell-evolution.ts';
import { withFeatures } from './with-features.ts';

/**
 * Follows the drift of a table by its types alone, no row is read: features as wide as the last schema and, where a column was retyped or
 * is finer than its feature, as that column; those that earlier runs added, and those of columns that are gone where the features are the
 * table's own; then columns that no feature takes. Pure. Fails as `evolvePlan` does, and with what a column cannot be taken for.
 */
export function evolveTable(
  plan: DatasetPlan,
  source: TableSourcePlan,
  verdict: DriftVerdict,
  last: LastRun | null,
): Evolution {
  const columns = new Map((source.described ?? []).map((column) => [column.name, column]));
  const published = new Map((last?.schema ?? []).map(({ name, type }) => [name, publishedType(type)]));
  const retyped = new Set(verdict.types.retyped.map(({ name }) => name));
  const widen = (feature: FeaturePlan): FeaturePlan => {
    const before = published.get(feature.name);
    const start = before === undefined ? feature.type : (widenType(feature.type, before) ?? feature.type);
    const column = feature.constant === null ? columns.get(feature.from) : undefined;
    const type =
      column === undefined ? start : widenToColumn({ ...feature, type: start }, column, plan, source, retyped);
    return nameLogicalType(type) === nameLogicalType(feature.type) ? feature : { ...feature, type };
  };

  const { declared, fresh } = arrange(source, last);
  const before = carried(plan, source, last);
  const carriedNames = new Set(before.map(({ name }) => name));
  const found = verdict.untaken.flatMap((name): readonly EvolvedFeature[] => {
    const column = columns.get(name);
    const type = column === undefined || carriedNames.has(name) ? null : proposeType(source.type, column.type);
    return type === null ? [] : [{ name, type: nameOf(published.get(name), type), format: null, style: null }];
  });
  refuseEvolution(plan, verdict, [...carriedNames, ...found.map(({ name }) => name)], last);
  refuseGone(plan, before, last);

  const wide = declared.map(widen);
  const widened = wide.flatMap(({ name, type }, index): readonly WidenedFeature[] => {
    const was = declared[index]?.type;
    if (was === undefined || nameLogicalType(was) === nameLogicalType(type)) return [];
    return [{ name, declared: nameLogicalType(was), type: nameLogicalType(type) }];
  });
  const kept = before.map((feature) => widen(featureOf(feature, plan)));
  const added = [...fresh.map(widen), ...found.map((feature) => widen(featureOf(feature, plan)))];
  const features = inOrder([...wide, ...kept, ...added], takesAll(source) ? (last?.schema ?? []) : []);
  return {
    plan: withFeatures(plan, features, {
      ...source,
      features,
      columns: features.map((feature) => take(feature, columns, source)),
    }),
    drift: tellEvolution(plan, verdict, { kept, added, widened }),
  };
}

function nameOf(published: LogicalType | undefined, proposed: string): string {
  return published === undefined ? proposed : nameLogicalType(published);
}

/**
 * The features of the document in their order. Where they are the table's own: in the order of the last schema, and may be null where they
 * might be then; those that are `fresh` since may be null.
 */
function arrange(
  source: TableSourcePlan,
  last: LastRun | null,
): { readonly declared: readonly FeaturePlan[]; readonly fresh: readonly FeaturePlan[] } {
  if (!takesAll(source) || last === null) return { declared: source.features, fresh: [] };
  const own = new Map(source.features.map((feature) => [feature.name, feature]));
  const known = new Set(last.schema.map(({ name }) => name));
  return {
    declared: last.schema.flatMap(({ name, nullable }) => {
      const feature = own.get(name);
      if (feature === undefined) return [];
      return [nullable && !feature.nullable ? { ...feature, nullable } : feature];
    }),
    fresh: source.features.flatMap((feature) => (known.has(feature.name) ? [] : [{ ...feature, nullable: true }])),
  };
}

/** As they were before, then all others. */
function inOrder(features: readonly FeaturePlan[], before: LastRun['schema']): readonly FeaturePlan[] {
  const places = new Map(before.map(({ name }, index) => [name, index]));
  const place = ({ name }: FeaturePlan): number => places.get(name) ?? before.length;
  return [...features].sort((a, b) => place(a) - place(b));
}

/** Features that earlier runs added, or that were the table's own, and that nothing else stands for. */
function carried(plan: DatasetPlan, source: TableSourcePlan, last: LastRun | null): readonly EvolvedFeature[] {
  const taken = new Set(plan.source.features.flatMap(({ name, from, constant }) => (constant ? [name] : [name, from])));
  const evolved = last?.drift?.evolved ?? [];
  const gone = takesAll(source) ? (last?.schema ?? []) : [];
  const all = new Map<string, EvolvedFeature>();
  for (const { name, type } of gone) all.set(name, { name, type, format: null, style: null });
  for (const feature of evolved) if (!all.has(feature.name)) all.set(feature.name, feature);
  return [...all.values()].filter(({ name }) => !taken.has(name));
}

/** A column that must not be null, or that partitions are named by, cannot be gone. */
function refuseGone(plan: DatasetPlan, before: readonly EvolvedFeature[], last: LastRun | null): void {
  const strict = new Set((last?.schema ?? []).flatMap(({ name, nullable }) => (nullable ? [] : [name])));
  const partitionBy = partitionFeatures(plan.destination);
  const lost = before.find(({ name }) => strict.has(name) || partitionBy.includes(name));
  if (lost === undefined) return;
  const why = strict.has(lost.name) ? 'it must not be null' : 'all rows would stand in one partition';
  const message = `${plan.source.path}: column ${JSON.stringify(lost.name)} is gone since run ${last?.run}, and ${why}`;
  throw new AtlasError('ATLAS_DRIFT_IMPOSSIBLE', message, { hint: CODES.ATLAS_DRIFT_IMPOSSIBLE.hint });
}

function widenToColumn(
  feature: FeaturePlan,
  column: TableColumn,
  { destination }: DatasetPlan,
  { type: server }: TableSourcePlan,
  retyped: ReadonlySet<string>,
): LogicalType {
  const { type } = feature;
  const value = describeValue(server, column.type);
  const proposed = proposeType(server, column.type);
  if (value === null || proposed === null || !mayWiden(feature)) return type;
  if (!retyped.has(column.name) && !finerThan(value.held, type)) return type;
  const wide = widenType(type, publishedType(proposed));
  if (wide === null) return type;
  return wide.kind === 'float' && partitionFeatures(destination).includes(feature.name) ? type : wide;
}

function take(
  feature: FeaturePlan,
  columns: ReadonlyMap<string, TableColumn>,
  source: TableSourcePlan,
): TableSourcePlan['columns'][number] {
  const column = feature.constant === null ? columns.get(feature.from) : undefined;
  if (column === undefined) return null;
  const planned = planColumn(source.type, column, feature);
  if (!('code' in planned)) return planned;
  throw new AtlasError(planned.code, `${source.path}: ${planned.message}`, { hint: planned.hint });
}
