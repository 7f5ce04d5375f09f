import type { LiveColumns } from '../../../flow/live-columns.ts';
import { parseColumnType } from './column-type.ts';
import { featureOfColumn } from './feature-of-column.ts';
import type { LiveColumn, LiveTable } from './live-table.ts';

/** The columns of a table, and what fills each. Pure. */
export function describeLiveColumns(live: LiveTable): LiveColumns {
  return {
    columns: live.columns.map((column) => ({
      name: column.name,
      type: column.type,
      takes: featureOfColumn(column.type, live),
      otherwise: otherwise(column),
      computed: column.fill === 'MATERIALIZED' || column.fill === 'ALIAS',
    })),
  };
}

function otherwise({ fill, type }: LiveColumn): string | null {
  if (fill === 'DEFAULT') return 'its DEFAULT';
  if (fill !== null) return `as the table says (${fill})`;
  return parseColumnType(type).nullable ? 'NULL' : null;
}
