import type { SourcePlan } from '../flow/dataset-plan.ts';

/** Whether the inputs name their columns themselves; else their names, if any, are the document's. */
export function namesColumns(source: SourcePlan): boolean {
  return source.type !== 'csv' || source.header;
}

/** Whether features find their columns by name, and not by position. */
export function readsByName(source: SourcePlan): boolean {
  return namesColumns(source) || (source.type === 'csv' && source.columns !== null);
}
