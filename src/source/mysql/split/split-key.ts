import { AtlasError } from '../../../errors.ts';
import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { DescribedColumn, TableDescription } from '../../../flow/table-description.ts';

/** A column by whose ranges a table is read. */
export interface SplitKey {
  readonly column: string;
  readonly family: 'integer' | 'date' | 'timestamp' | 'uuid';
  readonly nullable: boolean;
}

const FAMILIES: Readonly<Record<string, SplitKey['family']>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  year: 'integer',
  date: 'date',
  datetime: 'timestamp',
  timestamp: 'timestamp',
  uuid: 'uuid',
};

/**
 * The declared column, or the primary key where it is a single one that can be split; null where there is none. Fails with ATLAS_DB_SPLIT
 * where the declared one cannot, with ATLAS_DB_COLUMN_MISSING where it is not there.
 */
export function splitKey(
  { splitBy, path }: Pick<MysqlSourcePlan, 'splitBy' | 'path'>,
  { columns, primaryKey, kind }: TableDescription,
): SplitKey | null {
  const name = splitBy ?? (primaryKey.length === 1 ? primaryKey[0] : undefined);
  if (name === undefined) return null;
  const found = columns.find((column) => column.name === name);
  const key = found === undefined ? null : keyOf(found, kind === 'query');
  // each range of UUIDs is looked for in all of the table: that must have been asked for
  if (splitBy === null) return key?.family === 'uuid' ? null : key;
  if (key !== null) return key;
  if (found === undefined) {
    throw new AtlasError('ATLAS_DB_COLUMN_MISSING', `split_by is ${JSON.stringify(name)}, which ${path} does not have`);
  }
  throw new AtlasError('ATLAS_DB_SPLIT', `split_by is ${JSON.stringify(name)} of ${path}, which is ${found.type.sql}`);
}

function keyOf({ name, type, nullable }: DescribedColumn, computed: boolean): SplitKey | null {
  const family = FAMILIES[type.name];
  return family === undefined ? null : { column: name, family, nullable: nullable || computed };
}
