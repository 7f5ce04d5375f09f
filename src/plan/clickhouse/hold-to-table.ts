import type { DatasetPlan, FeaturePlan, ValueRange } from '../../flow/dataset-plan.ts';
import { spellPoint } from '../../flow/spell-point.ts';
import { nameLogicalType, type TimeUnit } from '../../metadata/logical-type.ts';
import { boundFeatures } from '../bound-features.ts';

const DIGITS: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/**
 * A plan whose rows keep to what the columns of a table that is there hold (`Date` ends in 2149, `DateTime` in 2106): a value outside is out of
 * range, as one that no column could hold. The plan itself where that is nothing new; its hash stays. Pure.
 */
export function holdToTable(plan: DatasetPlan, ranges: ReadonlyMap<string, ValueRange>): DatasetPlan {
  const { destination, source } = plan;
  if (destination.type !== 'clickhouse' || ranges.size === 0) return plan;
  const held = Object.fromEntries(ranges);
  const features = boundFeatures(source.features, destination.type, held);
  const narrowed = features.filter((feature, index) => feature !== source.features[index]);
  if (narrowed.length === 0) return plan;
  return {
    ...plan,
    source: { ...unpassed(source), features },
    destination: { ...destination, ranges: held },
    notes: [...plan.notes, ...narrowed.map(describeRange)],
  };
}

/** Row groups of Parquet files are not handed on as they are: each value is looked at. */
function unpassed(source: DatasetPlan['source']): DatasetPlan['source'] {
  if (source.type !== 'parquet') return source;
  const { pass: _pass, ...looked } = source;
  return looked;
}

/** What is left of a feature's range, for people. */
function describeRange({ name, type, range }: FeaturePlan): string {
  const held = range === undefined ? 'all' : `${spell(type, range.least)} to ${spell(type, range.greatest)}`;
  return `${name}: the table's column holds ${held}; another ${nameLogicalType(type)} is a bad row`;
}

function spell(type: FeaturePlan['type'], units: string): string {
  if (type.kind === 'date') return spellPoint('date', { units: BigInt(units), scale: 0 });
  const scale = type.kind === 'timestamp' ? DIGITS[type.unit] : 0;
  const point = scale > 6 ? { units: BigInt(units) / 1000n, scale: 6 } : { units: BigInt(units), scale };
  return spellPoint('timestamp', point);
}
