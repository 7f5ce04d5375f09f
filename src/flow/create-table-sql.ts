import { quoteClickhouseName } from '../metadata/quote-clickhouse-name.ts';
import { quoteClickhouseText } from '../metadata/quote-clickhouse-text.ts';
import type { ClickhouseColumn, NewTable } from './dataset-plan.ts';

/**
 * The statement that makes a table. `name` is SQL, quoted and with its database where it needs one; columns have types that the server
 * knows; `or` is what stands where another table of that name may be there (`IF NOT EXISTS`).
 */
export function createTableSql(
  name: string,
  columns: readonly ClickhouseColumn[],
  table: NewTable,
  { or = '' }: { readonly or?: '' | 'IF NOT EXISTS' } = {},
): string {
  const lines = columns.map((column) => `  ${quoteClickhouseName(column.name)} ${column.type}`);
  const head = ['CREATE TABLE', or, name].filter((word) => word !== '').join(' ');
  return `${head} (\n${lines.join(',\n')}\n)\n${shapeSql(table)}`;
}

/** What stands behind the columns: engine, keys, settings. */
export function shapeSql({ engine, orderBy, partitionBy, primaryKey, settings }: Omit<NewTable, 'declared'>): string {
  const lines = [`ENGINE = ${engine}`];
  if (partitionBy.length > 0) lines.push(`PARTITION BY ${keySql(partitionBy)}`);
  if (primaryKey.length > 0) lines.push(`PRIMARY KEY ${keySql(primaryKey)}`);
  lines.push(`ORDER BY ${keySql(orderBy)}`);
  const set = Object.entries(settings).map(([key, value]) => `${key} = ${settingSql(value)}`);
  if (set.length > 0) lines.push(`SETTINGS ${set.join(', ')}`);
  return lines.join('\n');
}

/** A key of a table: nothing, one expression, or several. */
export function keySql(expressions: readonly string[]): string {
  const [only = ''] = expressions;
  if (expressions.length === 0) return 'tuple()';
  return expressions.length === 1 && !only.includes(',') ? only : `(${expressions.join(', ')})`;
}

/** The value of a setting. */
export function settingSql(value: string | number): string {
  return typeof value === 'number' ? String(value) : quoteClickhouseText(value);
}
