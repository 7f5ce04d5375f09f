import { randomUUID } from 'node:crypto';
import type { InsertStatement, Statement } from './clickhouse-server.ts';

/**
 * Settings of an INSERT. One that brings no token gets one that is like no other: a table with a deduplication window would take two equal
 * blocks of one load for one, and drop the second in silence. (`insert_deduplicate` no longer prevents it: `deduplicate_insert` of newer
 * servers decides, which older ones do not know.)
 */
export function insertSettings({ settings = {} }: InsertStatement): NonNullable<Statement['settings']> {
  return { insert_deduplication_token: randomUUID(), async_insert: 0, ...settings };
}
