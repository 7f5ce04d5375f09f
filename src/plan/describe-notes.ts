import type { CsvSourcePlan, DatasetPlan, DestinationPlan, FeaturePlan } from '../flow/dataset-plan.ts';
import { nameLogicalType } from '../metadata/logical-type.ts';
import { describePublication } from './describe-publication.ts';
import { describeIncremental } from './table/describe-incremental.ts';
import { describeTableNotes } from './table/describe-table-notes.ts';

const LOSS = 'lossy: ';

/** Whether a note tells of a value that may be changed. */
export function isLossNote(note: string): boolean {
  return note.startsWith(LOSS);
}

/** What people should know of a plan: what a reader of the target sees, what may be lost, what is unusual. One sentence each. */
export function describeNotes(plan: Omit<DatasetPlan, 'notes' | 'hash'>): readonly string[] {
  return [
    ...describePublication(plan),
    ...plan.source.features.flatMap((feature) => ofFeature(feature, plan.destination.type)),
    ...unusual(plan),
  ];
}

function ofFeature(feature: FeaturePlan, kind: DestinationPlan['type']): readonly string[] {
  const notes: string[] = [];
  const { name, type, onLoss } = feature;
  const spelled = nameLogicalType(type);
  const fate = { truncate: 'is cut off', round: 'is rounded', null: 'becomes null' } as const;
  if (onLoss !== 'reject') notes.push(`${LOSS}a value of ${name} that ${spelled} cannot hold ${fate[onLoss]}`);
  if (kind === 'parquet' && type.kind === 'timestamp' && type.unit === 's') {
    notes.push(`${name}: Parquet has no seconds, so ${spelled} is stored in milliseconds`);
  }
  if (kind === 'parquet' && type.kind === 'timestamp' && type.unit === 'ns') {
    notes.push(`${name}: nanoseconds are not readable everywhere (Spark, Athena); us is`);
  }
  if (kind === 'parquet' && type.kind === 'time' && type.unit === 'ns') {
    notes.push(`${name}: times in nanoseconds are not readable everywhere; us is`);
  }
  if (feature.constant?.kind === 'loaded_at') {
    notes.push(`${name}: holds the start of the run, so no two runs make the same bytes`);
  }
  return notes;
}

function unusualText({ path, encoding, wideDelimiter }: CsvSourcePlan): readonly string[] {
  const notes: string[] = [];
  if (path === '-') notes.push('standard input is read once and from one thread');
  else if (encoding !== 'utf-8') notes.push(`files in ${encoding} are read by one thread each`);
  if (wideDelimiter !== null) {
    const slow = 'reading is about a hundred times slower, by one thread for each file';
    notes.push(`the delimiter has several bytes: ${slow}, and damage fails the whole file`);
  }
  return notes;
}

function unusual(plan: Omit<DatasetPlan, 'notes' | 'hash'>): readonly string[] {
  const notes: string[] = [];
  const { source, destination } = plan;
  if (source.type === 'csv') notes.push(...unusualText(source));
  if (source.type === 'postgresql' || source.type === 'mysql') notes.push(...describeTableNotes(source));
  if (source.type === 'postgresql' || source.type === 'mysql') {
    notes.push(...describeIncremental(source.incremental, destination.mode === 'append'));
  }
  if (plan.onDrift === 'evolve' && source.type === 'csv') {
    notes.push('on_drift evolve reads the inputs twice: once for what their columns hold, once for their rows');
  }
  if ((source.type === 'parquet' || source.type === 'jsonl') && plan.onError === 'reject') {
    const rows = source.type === 'parquet' ? 'Parquet rows' : 'JSON lines';
    notes.push(`rejects of ${rows} cannot be replayed: mend the source and run again`);
  }
  if (source.type === 'jsonl' && source.path === '-') notes.push('standard input is read once and from one thread');
  if (source.type === 'parquet' && source.pass !== undefined) {
    notes.push(
      'Parquet files whose footers say that all their values fit go to the table as they are, without being decoded; texts in them are not looked at',
    );
  }
  if (destination.type === 'parquet' && destination.partitionBy.length > 0) {
    const columns = destination.partitionBy.join(', ');
    notes.push(`${columns}: in the names of folders, not in the files (Hive layout)`);
  }
  if (destination.type === 'parquet' && destination.compression === 'none') notes.push('pages are not compressed');
  return notes;
}
