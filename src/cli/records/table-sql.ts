import { createTableSql } from '../../flow/create-table-sql.ts';
import type { ClickhouseColumn, ClickhouseDestinationPlan } from '../../flow/dataset-plan.ts';
import { quoteClickhouseName } from '../../metadata/quote-clickhouse-name.ts';
import type { PlannedRecords } from './plan-records.ts';

/** The statement that would make the table of some files: every column of theirs, in the order they come up. */
export function tableSql(plans: readonly PlannedRecords[], database: string): string | null {
  const columns = new Map<string, ClickhouseColumn>();
  const destinations = plans.map(({ plan }) => plan.destination as ClickhouseDestinationPlan);
  for (const destination of destinations) {
    for (const column of destination.columns) if (!columns.has(column.name)) columns.set(column.name, column);
  }
  const [first] = destinations;
  if (first === undefined || first.create === null) return null;
  const name = `${quoteClickhouseName(database)}.${quoteClickhouseName(first.table)}`;
  return createTableSql(name, [...columns.values()], first.create);
}
