import type { ServerType } from '../../flow/table-description.ts';
import { mysqlValue } from './mysql-value.ts';
import { postgresValue } from './postgres-value.ts';
import type { ServerValue } from './server-value.ts';

/** What values a type of a server has; null where no feature can hold them (ranges, composites, geometry, types of extensions). */
export function describeValue(server: 'postgresql' | 'mysql', type: ServerType): ServerValue | null {
  return server === 'postgresql' ? postgresValue(type) : mysqlValue(type);
}
