import type { DatasetPlan, FeaturePlan, SourcePlan } from '../../flow/dataset-plan.ts';
import { boundFeatures } from '../bound-features.ts';
import { replanColumns } from '../clickhouse/plan-columns.ts';
import { describeNotes } from '../describe-notes.ts';
import { hashPlan } from '../hash-plan.ts';

/** A plan with other features, and the source that reads them; the plan itself where they are its own. */
export function withFeatures(
  plan: DatasetPlan,
  wanted: readonly FeaturePlan[],
  from: SourcePlan = plan.source,
): DatasetPlan {
  const held = plan.destination.type === 'clickhouse' ? plan.destination.ranges : undefined;
  const features = boundFeatures(wanted, plan.destination.type, held);
  const same =
    features.length === plan.source.features.length && features.every((each, i) => each === plan.source.features[i]);
  if (same) return plan;
  const { notes: before, hash: _hash, ...rest } = plan;
  const usual = describeNotes(rest);
  const schema = {
    fields: features.map(({ name, type, nullable, sensitive }) => ({ name, type, nullable, sensitive })),
  };
  const { destination } = rest;
  const decided = {
    ...rest,
    source: { ...from, features },
    schema,
    destination:
      destination.type === 'clickhouse'
        ? { ...destination, columns: replanColumns(schema, destination.columns) }
        : destination,
  };
  const notes = [...describeNotes(decided), ...before.filter((note) => !usual.includes(note))];
  return { ...decided, notes, hash: hashPlan(decided) };
}
