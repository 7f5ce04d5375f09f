import type { DescribedColumn, TableDescription } from '../../flow/table-description.ts';
import { formatTableName, type TableName } from '../../metadata/table-name.ts';
import { proposeType } from '../table/propose-type.ts';
import type { ProposedDataset } from './propose-dataset.ts';
import { proposeFeatureNames } from './propose-names.ts';
import { type Keys, literal, literalPath } from './propose-source.ts';

/** Types whose values are text to begin with. */
const TEXTS = /^(text|varchar|char|name|json|jsonb|(tiny|medium|long)text)$/;

/** A dataset of one table, every column a feature; `left`: columns that no feature can hold. */
export function proposeTable(
  type: 'postgresql' | 'mysql',
  facts: { readonly name: string; readonly connection: string },
  description: TableDescription,
): { readonly proposed: ProposedDataset; readonly left: readonly DescribedColumn[] } {
  const { relation } = description;
  if (relation === null) throw new TypeError('a query has no table');
  const all = description.columns.map((column) => ({ column, type: proposeType(type, column.type) }));
  const taken = all.filter((each): each is { column: DescribedColumn; type: string } => each.type !== null);
  const names = proposeFeatureNames(taken.map(({ column }) => column.name));
  const features = taken.map(({ column, type: logical }, index): Keys => {
    const name = names[index] ?? column.name;
    return {
      name: literal(name),
      type: logical,
      ...(name === column.name ? {} : { from: literal(column.name) }),
      ...(column.nullable ? {} : { nullable: false }),
    };
  });
  const comments = taken.map(({ column, type: logical }) => commentsOf(column, logical));
  const source = { type, connection: facts.connection, table: literalPath(formatTableName(relation)), features };
  const destination = { type: 'parquet', path: `out/${facts.name}.parquet` };
  const keys = { name: facts.name, source, destination, on_empty: 'publish' };
  const left = all.filter((each) => each.type === null).map(({ column }) => column);
  return { proposed: { keys, features, comments }, left };
}

/** A dataset of all tables of a schema, each with its own columns. */
export function proposeSchema(
  type: 'postgresql' | 'mysql',
  facts: { readonly name: string; readonly connection: string; readonly exclude: readonly TableName[] },
  schema: string,
): ProposedDataset {
  const exclude = facts.exclude.map((table) => literal(formatTableName(table)));
  const source = {
    type,
    connection: facts.connection,
    table: `${literalPath(formatTableName({ schema, name: 'x' })).slice(0, -1)}*`,
    ...(exclude.length === 0 ? {} : { exclude }),
    features: '*',
  };
  const destination = { type: 'parquet', path: `out/${facts.name}/{{ table }}.parquet` };
  return { keys: { name: facts.name, source, destination, on_empty: 'publish' }, features: [], comments: [] };
}

/** What the type of a feature does not tell. */
function commentsOf({ type, comment }: DescribedColumn, logical: string): readonly string[] {
  const told = (logical === 'string' || logical === 'json') && !(type.kind === 'base' && TEXTS.test(type.name));
  return [
    ...(comment === null || comment.trim() === '' ? [] : [comment.trim()]),
    ...(told ? [`${type.sql}, as text`] : []),
  ];
}
