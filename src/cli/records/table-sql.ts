import { createTableSql } from '../../flow/create-table-sql.ts';
import type { ClickhouseColumn, ClickhouseDestinationPlan, NewTable } from '../../flow/dataset-plan.ts';
import { quoteClickhouseName } from '../../metadata/quote-clickhouse-name.ts';
import type { PlannedRecords } from './plan-records.ts';

/** A table that takes all of some files. */
export interface WholeTable {
  readonly table: string;
  /** Every column of the files, in the order they come up. */
  readonly columns: readonly ClickhouseColumn[];
  readonly shape: NewTable;
  /** Some file does not have all of the columns. */
  readonly uneven: boolean;
}

/** The table that would be made of some files; null where none is to be made. */
export function wholeTable(plans: readonly PlannedRecords[]): WholeTable | null {
  const columns = new Map<string, ClickhouseColumn>();
  const destinations = plans.map(({ plan }) => plan.destination as ClickhouseDestinationPlan);
  for (const destination of destinations) {
    for (const column of destination.columns) if (!columns.has(column.name)) columns.set(column.name, column);
  }
  const [first] = destinations;
  if (first === undefined || first.create === null) return null;
  const uneven = destinations.some((destination) => destination.columns.length < columns.size);
  return { table: first.table, columns: [...columns.values()], shape: first.create, uneven };
}

/** The statement that would make it. */
export function tableSql(
  { table, columns, shape }: WholeTable,
  database: string,
  or: '' | 'IF NOT EXISTS' = '',
): string {
  return createTableSql(`${quoteClickhouseName(database)}.${quoteClickhouseName(table)}`, columns, shape, { or });
}
