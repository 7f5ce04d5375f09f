import type { IncrementalPlan } from '../../flow/dataset-plan.ts';
import type { DescribedColumn } from '../../flow/table-description.ts';
import type { TableSource } from '../../metadata/table-source-schema.ts';
import type { Templates } from '../templates.ts';

const KINDS: Readonly<Record<string, IncrementalPlan['kind']>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'decimal',
  decimal: 'decimal',
  date: 'date',
  datetime: 'timestamp',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
};

/** Resolves how a dataset follows a column; null, and a problem noted, where the column's type has no order to follow. */
export function planIncremental(
  _type: 'postgresql' | 'mysql',
  declared: NonNullable<TableSource['incremental']>,
  { name, type }: DescribedColumn,
  templates: Templates,
): IncrementalPlan | null {
  const kind = type.kind === 'base' ? KINDS[type.name] : undefined;
  if (kind === undefined) {
    const message = `incremental follows ${name}, which is ${type.sql}: an integer, decimal, date or timestamp is needed`;
    templates.refuse('source.incremental.column', message, 'Follow another column.', 'ATLAS_DB_TYPE');
    return null;
  }
  return {
    column: name,
    serverType: type.sql,
    kind,
    initial: declared.initial === undefined ? null : templates.fill(declared.initial, 'source.incremental.initial'),
    lag: declared.lag ?? null,
    nulls: declared.nulls,
  };
}
