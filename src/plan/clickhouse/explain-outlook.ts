import type { TableOutlook } from '../../flow/table-outlook.ts';

/** What a run would do at a table, for people: line by line, statements as they are. */
export function explainOutlook(outlook: TableOutlook | null): readonly string[] {
  if (outlook === null) return [];
  const { exists, statements, notes } = outlook;
  const asIs = exists && statements.length === 0 ? ['it is there, and its columns take the features as they are'] : [];
  return [...asIs, ...notes, ...statements.flatMap((statement) => statement.split('\n'))];
}
