import type { DescribedColumn, TableDescription } from '../../flow/table-description.ts';
import type { Feature } from '../../metadata/feature-schema.ts';
import { featureSchema } from '../../metadata/feature-schema.ts';
import type { Templates } from '../templates.ts';
import { proposeType } from './propose-type.ts';

/** A feature for each column of a table (`features: "*"`, `init`); columns that none can hold are noted. */
export function proposeFeatures(
  type: 'postgresql' | 'mysql',
  description: TableDescription | null,
  templates: Templates,
): readonly Feature[] {
  if (description === null) return [];
  return description.columns.flatMap((column): Feature[] => {
    const proposed = proposeType(type, column.type);
    if (proposed === null) {
      refuseColumn(column, templates);
      return [];
    }
    return [featureSchema.parse({ name: column.name, type: proposed, nullable: column.nullable })];
  });
}

function refuseColumn({ name, type }: DescribedColumn, templates: Templates): void {
  const message = `${name} is ${type.sql}, which no feature can hold yet`;
  templates.refuse('source.features', message, 'List the features without it, or cast it in a query.', 'ATLAS_DB_TYPE');
}
