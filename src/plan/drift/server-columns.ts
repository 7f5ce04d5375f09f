import type { SourcePlan } from '../../flow/dataset-plan.ts';
import type { ColumnSet, ServerColumn } from '../../flow/drift.ts';

/** The columns of a table, or of a file whose own they are, as the plan knows them; none of other files. */
export function serverColumns(source: SourcePlan): readonly ServerColumn[] {
  if (source.type === 'parquet') {
    return (source.described ?? []).map(({ name, what, nullable }) => ({ name, type: what, nullable }));
  }
  if (source.type !== 'postgresql' && source.type !== 'mysql') return [];
  return (source.described ?? []).map(({ name, type, nullable }) => ({ name, type: type.sql, nullable }));
}

/** The same as the columns of an input; none of files, which say themselves what they have. */
export function tableColumns(source: SourcePlan): readonly ColumnSet[] {
  const names = source.type === 'parquet' ? [] : serverColumns(source).map(({ name }) => name);
  return names.length === 0 ? [] : [{ names, inputs: [source.path] }];
}

/** Whether the features are whatever columns a table or file has. */
export function takesAll(source: SourcePlan): boolean {
  return source.type !== 'csv' && source.type !== 'jsonl' && source.own === true;
}
