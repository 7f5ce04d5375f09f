import type { DescribedColumn } from '../../flow/table-description.ts';
import type { Templates } from '../templates.ts';

/** Notes columns of a query that have one name, which nothing could tell apart; `name`: of that name alone. */
export function refuseTwins(
  columns: readonly DescribedColumn[],
  name: string | null,
  path: string,
  templates: Templates,
): void {
  const counts = new Map<string, number>();
  for (const each of columns) counts.set(each.name, (counts.get(each.name) ?? 0) + 1);
  for (const [each, count] of counts) {
    if (count === 1 || (name !== null && each !== name)) continue;
    const message = `the query has ${count} columns named ${JSON.stringify(each)}`;
    templates.refuse(path, message, 'Name them apart in the query (AS).', 'ATLAS_DB_COLUMN_TWICE');
  }
}
