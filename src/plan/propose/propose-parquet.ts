import type { FileColumn, FileDescription } from '../../flow/file-description.ts';
import type { ProposedDataset } from './propose-dataset.ts';
import { proposeFeatureNames } from './propose-names.ts';
import { type Keys, literal, literalPath } from './propose-source.ts';

/** A dataset of Parquet files with the same columns, every column a feature; `left`: columns that no feature can hold. */
export function proposeParquet(
  facts: { readonly name: string /** As a document writes it, or a glob. */; readonly path: string },
  files: readonly FileDescription[],
): { readonly proposed: ProposedDataset; readonly left: readonly FileColumn[] } {
  const columns = files[0]?.columns ?? [];
  const taken = columns.filter((column): column is FileColumn & { readonly type: string } => column.type !== null);
  const names = proposeFeatureNames(taken.map(({ name }) => name));
  const features = taken.map(({ name, type }, index): Keys => {
    const named = names[index] ?? name;
    const nullable = files.some((file) => file.columns.find((each) => each.name === name)?.nullable !== false);
    return {
      name: literal(named),
      type,
      ...(named === name ? {} : { from: literal(name) }),
      ...(nullable ? {} : { nullable: false }),
    };
  });
  const source = { type: 'parquet', path: literalPath(facts.path), features };
  const destination = { type: 'parquet', path: `out/${facts.name}.parquet` };
  const empty = files.every(({ rows }) => rows === 0);
  const keys = { name: facts.name, source, destination, ...(empty ? { on_empty: 'publish' } : {}) };
  const left = columns.filter(({ type }) => type === null);
  return { proposed: { keys, features, comments: taken.map(commentsOf) }, left };
}

/** Whether files can be one dataset: the same columns in the same order, of the same types. */
export function sameColumns(a: FileDescription, b: FileDescription): boolean {
  const shape = ({ columns }: FileDescription): string => JSON.stringify(columns.map(({ name, what }) => [name, what]));
  return shape(a) === shape(b);
}

/** What the type of a feature does not tell. */
function commentsOf({ type, what, nested }: FileColumn): readonly string[] {
  if (nested) return [`${what}, as JSON text`];
  if (what.endsWith('INT96')) return [`${what}, which does not say whether it is an instant: timestamptz(ns) if it is`];
  return what === type ? [] : [what];
}
