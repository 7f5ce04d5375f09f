import { keySql, settingSql } from '../../../flow/create-table-sql.ts';
import type { NewTable, ShapeKey } from '../../../flow/dataset-plan.ts';
import type { LiveTable } from './live-table.ts';
import { splitSettings, storageClauses } from './storage-clauses.ts';

/**
 * The clauses behind the columns of a table that replaces another, for `CREATE TABLE next AS live …`: what the document declares, and of the
 * other table what that leaves open, its TTL included. The primary key is spelled out, because `AS` would take over the old one, as it does a
 * sampling key, which cannot be taken back: tables that have one are not sorted anew. Only needed where something differs; else `AS` alone
 * copies all of them.
 */
export function newShape(create: NewTable, live: Pick<LiveTable, 'engineFull'>): string {
  const is = (key: ShapeKey): boolean => create.declared.includes(key);
  const there = storageClauses(live.engineFull);
  const orderBy = is('order_by') ? keySql(create.orderBy) : there['ORDER BY'];
  const primaryKey = is('primary_key') ? keySql(create.primaryKey) : is('order_by') ? orderBy : there['PRIMARY KEY'];
  const settings = new Map(splitSettings(there.SETTINGS));
  for (const [key, value] of Object.entries(create.settings)) settings.set(key, settingSql(value));
  const clauses: readonly (readonly [string, string | undefined])[] = [
    ['ENGINE =', is('engine') ? create.engine : there.ENGINE],
    ['PARTITION BY', is('partition_by') ? keySql(create.partitionBy) : there['PARTITION BY']],
    ['PRIMARY KEY', primaryKey],
    ['ORDER BY', orderBy],
    ['SAMPLE BY', there['SAMPLE BY']],
    ['TTL', there.TTL],
    ['SETTINGS', [...settings].map(([key, value]) => `${key} = ${value}`).join(', ') || undefined],
  ];
  return clauses.flatMap(([keyword, text]) => (text === undefined ? [] : [`${keyword} ${text}`])).join('\n');
}
