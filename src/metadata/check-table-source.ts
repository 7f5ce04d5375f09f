import type { CheckContext } from './check-context.ts';
import { checkAnyFeature } from './check-feature.ts';
import { checkFeatureNames } from './check-feature-names.ts';
import { checkValueKeys } from './check-value-keys.ts';
import { declaredFeatures } from './is-table-source.ts';
import { tableNameProblem } from './table-name.ts';
import type { TableSource } from './table-source-schema.ts';

/** What must hold between the keys of a database source and its features. `check` stands on the source. */
export function checkTableSource(source: TableSource, check: CheckContext): void {
  const { table, query } = source;
  if (table === undefined && query === undefined) {
    check.problem([], 'neither table nor query is given', 'Name a table, or write a query.');
  }
  if (table !== undefined && query !== undefined) {
    check.problem(['query'], 'table and query are both given', 'Keep one of them.');
  }
  if (table !== undefined) {
    const problem = tableNameProblem(table);
    if (problem !== null) check.problem(['table'], problem.message, problem.hint);
  }
  checkPattern(source, check);
  if (query !== undefined) {
    if (source.where !== undefined) check.problem(['where'], 'where is set beside query', 'Put it into the query.');
    const parts = query.replace(/;\s*$/, '');
    if (parts.trim() === '') check.problem(['query'], 'the query is empty', 'Write a SELECT.');
  }
  const features = declaredFeatures(source);
  checkFeatureNames(features, check);
  features.forEach((feature, index) => {
    const at = check.below(['features', index]);
    checkAnyFeature(feature, at);
    checkValueKeys(feature, source.type, at);
    if (feature.value !== '@line') return;
    at.problem(['value'], 'value is "@line", but rows of a database have no lines', 'Remove the feature.');
  });
}

/** Keys that mean something for a whole schema alone, or for one table alone. */
function checkPattern(source: TableSource, check: CheckContext): void {
  const all = source.table?.endsWith('.*') === true || source.table === '*';
  if (!all) {
    if (source.exclude.length > 0) {
      check.problem(['exclude'], 'exclude is set, but table names no schema (public.*)', 'Remove it.');
    }
    return;
  }
  if (source.features !== '*') {
    const hint = 'Set features to "*": each table has its own columns.';
    check.problem(['features'], `features are listed, but table is ${JSON.stringify(source.table)}`, hint);
  }
}
