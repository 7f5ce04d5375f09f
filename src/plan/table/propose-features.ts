import type { DescribedColumn, TableDescription } from '../../flow/table-description.ts';
import { type Feature, featureSchema } from '../../metadata/feature-schema.ts';
import { formatTableName } from '../../metadata/table-name.ts';
import type { Templates } from '../templates.ts';
import { refuseColumn } from './plan-column.ts';
import { proposeType } from './propose-type.ts';
import { refuseTwins } from './refuse-twins.ts';

const HINT = 'List the features; `from` keeps the name in the table.';

/** A feature for each column of a table (`features: "*"`); columns that none can hold, or that cannot be told apart, are noted. */
export function proposeFeatures(
  server: 'postgresql' | 'mysql',
  description: TableDescription | null,
  templates: Templates,
): readonly Feature[] {
  if (description === null) return [];
  const { columns, relation } = description;
  if (columns.length === 0) {
    const message = `${relation === null ? 'the query' : formatTableName(relation)} has no columns`;
    templates.refuse('source.features', message, 'Leave it out.', 'ATLAS_DB_COLUMN_MISSING');
  }
  refuseTwins(columns, null, 'source.features', templates);
  return columns.flatMap((column): Feature[] => {
    const type = proposeType(server, column.type);
    if (type === null) {
      const { code, message, hint } = refuseColumn(server, column);
      templates.refuse('source.features', message, hint, code);
      return [];
    }
    return isName(column, templates)
      ? [featureSchema.parse({ name: column.name, type, nullable: column.nullable })]
      : [];
  });
}

/** Whether a column's name can be that of a feature. */
function isName({ name }: DescribedColumn, templates: Templates): boolean {
  const problem =
    name === '' ? 'has no name' : /[\p{Cc}\p{Cs}]/u.test(name) ? 'has a control character in its name' : null;
  if (problem === null) return true;
  templates.refuse('source.features', `column ${JSON.stringify(name)} ${problem}`, HINT);
  return false;
}
