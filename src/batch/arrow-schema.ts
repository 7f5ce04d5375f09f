import { Field as ArrowField, Schema as ArrowSchema } from 'apache-arrow';
import { arrowType } from './arrow-type.ts';
import type { Schema } from './schema.ts';

/** The Arrow schema of a batch's schema. */
export function arrowSchema(schema: Schema): ArrowSchema {
  return new ArrowSchema(
    schema.fields.map((field) => new ArrowField(field.name, arrowType(field.type), field.nullable)),
  );
}
