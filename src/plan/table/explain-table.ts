import type { DatasetPlan, TableSourcePlan } from '../../flow/dataset-plan.ts';

const CONSISTENCY = {
  snapshot: 'one snapshot',
  locked: 'one snapshot, the table locked while readers begin',
  per_reader: 'a snapshot of its own for each reader',
} as const;

/** How a table is read, in a line. */
export function explainTable(source: TableSourcePlan): string {
  const parts = [
    source.relation === null ? 'a query' : 'a table',
    `${source.fetchRows.toLocaleString('en-US')} rows a batch`,
  ];
  if (source.where !== null) parts.push('with a condition');
  if (source.splitBy !== null) parts.push(`split by ${source.splitBy}`);
  if (source.readers !== null) parts.push(`${source.readers} ${source.readers === 1 ? 'reader' : 'readers'} at most`);
  parts.push(source.type === 'mysql' ? CONSISTENCY[source.consistency] : 'one snapshot');
  if (source.type === 'postgresql' && source.extraction !== 'auto') parts.push(`by ${source.extraction}`);
  if (source.incremental !== null) parts.push(`incremental by ${source.incremental.column}`);
  return parts.join(', ');
}

/** What becomes of a table whose columns are not those of the last run, in a line. `own`: all its columns are taken, whatever they are. */
export function explainTableDrift(onDrift: DatasetPlan['onDrift'], own: boolean): string {
  if (onDrift === 'fail') return 'fail: columns or types that differ from the last run, and nothing is published';
  if (onDrift === 'evolve') return 'evolve: new columns are added, types widened, missing ones read as null';
  if (own) return 'ignore: the columns are those that the table has now';
  return 'ignore: new columns are left alone, missing ones read as null where they may be';
}
