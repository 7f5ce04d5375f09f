import { settingSql } from '../../../flow/create-table-sql.ts';
import type { NewTable, ShapeKey } from '../../../flow/dataset-plan.ts';
import type { LiveTable } from './live-table.ts';
import { splitSettings, storageClauses } from './storage-clauses.ts';

/**
 * The clauses behind the columns of a table that replaces another, for `CREATE TABLE next AS live …`: what the document declares, and of the
 * other table what that leaves open, its TTL included. A primary key and a sampling key are parts of what the table was sorted by, and do not
 * outlive that. Only needed where something differs; else `AS` alone copies all of them.
 */
export function newShape(create: NewTable, live: Pick<LiveTable, 'engineFull'>): string {
  const is = (key: ShapeKey): boolean => create.declared.includes(key);
  const there = storageClauses(live.engineFull);
  const keys = (declared: readonly string[]): string =>
    declared.length === 0 ? 'tuple()' : `(${declared.join(', ')})`;
  const sorted = is('order_by') || is('primary_key');
  const settings = new Map(splitSettings(there.SETTINGS));
  for (const [key, value] of Object.entries(create.settings)) settings.set(key, settingSql(value));
  const clauses: readonly (readonly [string, string | undefined])[] = [
    ['ENGINE =', is('engine') ? create.engine : there.ENGINE],
    ['PARTITION BY', is('partition_by') ? keys(create.partitionBy) : there['PARTITION BY']],
    ['PRIMARY KEY', is('primary_key') ? keys(create.primaryKey) : is('order_by') ? undefined : there['PRIMARY KEY']],
    ['ORDER BY', is('order_by') ? keys(create.orderBy) : there['ORDER BY']],
    ['SAMPLE BY', sorted ? undefined : there['SAMPLE BY']],
    ['TTL', there.TTL],
    ['SETTINGS', [...settings].map(([key, value]) => `${key} = ${value}`).join(', ') || undefined],
  ];
  return clauses.flatMap(([keyword, text]) => (text === undefined ? [] : [`${keyword} ${text}`])).join('\n');
}
