import type { TableSourcePlan } from '../../flow/dataset-plan.ts';

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
