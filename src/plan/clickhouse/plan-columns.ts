import type { ClickhouseColumn, DatasetPlan } from '../../flow/dataset-plan.ts';
import { clickhouseType } from './column-type.ts';

type Schema = DatasetPlan['schema'];

/** The columns of a new table, parallel to the fields of its schema. */
export function planColumns({ fields }: Schema, lowCardinality: readonly string[]): readonly ClickhouseColumn[] {
  const low = new Set(lowCardinality);
  return fields.map((field) => ({ name: field.name, type: clickhouseType(field, low.has(field.name)) }));
}

/** The columns of a table whose schema has changed since; those of `before` that were low in cardinality still are, where they are text. */
export function replanColumns(schema: Schema, before: readonly ClickhouseColumn[]): readonly ClickhouseColumn[] {
  const low = new Set(before.flatMap(({ name, type }) => (type.startsWith('LowCardinality(') ? [name] : [])));
  const texts = schema.fields.flatMap(({ name, type }) => (type.kind === 'string' && low.has(name) ? [name] : []));
  return planColumns(schema, texts);
}
