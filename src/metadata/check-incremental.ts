import type { CheckContext } from './check-context.ts';
import type { Dataset } from './dataset-schema.ts';
import { isTableSource } from './is-table-source.ts';

/**
 * What a dataset that reads only new rows may do to its target: add to it, or replace partitions that it reads whole. What would replace
 * rows of earlier runs by the few of this one, or add rows twice without being told to, is refused.
 */
export function checkIncremental({ source, destination }: Dataset, check: CheckContext): void {
  if (!isTableSource(source) || source.incremental === undefined) return;
  const { column, lag, nulls, duplicates } = source.incremental;
  const { mode } = destination;
  const problem = (key: string, message: string, hint: string): void =>
    check.problem(['source', 'incremental', key], message, hint);
  if (mode === 'overwrite' || mode === 'error_if_exists') {
    const what = mode === 'overwrite' ? 'would replace what earlier runs published by the new rows alone' : 'fails';
    const message = `incremental is set, but mode is "${mode}": every run after the first ${what}`;
    const hint = 'Set mode to append (a folder), or to replace_partitions with the column among partition_by.';
    check.problem(['destination', 'mode'], message, hint);
    return;
  }
  if (mode === 'replace_partitions') {
    checkPartition({ source, destination }, column, check);
    if (duplicates === undefined) return;
    problem('duplicates', 'duplicates is set, but mode is "replace_partitions", which makes none', 'Remove it.');
    return;
  }
  const again = [
    ...(lag === undefined ? [] : [`the rows of the last ${lag}`]),
    ...(nulls === 'include' ? ['all rows without a value'] : []),
  ];
  if (again.length === 0) {
    if (duplicates === undefined) return;
    problem('duplicates', 'duplicates is set, but no row is read twice: there is no lag, and no NULL', 'Remove it.');
    return;
  }
  if (duplicates === 'keep') return;
  const message = `mode is "append", and every run would add ${again.join(' and ')} again`;
  const hint =
    'Set mode to replace_partitions with the column among partition_by; or say duplicates: "keep", and let readers take one of each.';
  problem(lag === undefined ? 'nulls' : 'lag', message, hint);
}

/** A partition is read whole only where all of its rows have one value in the column that is followed. */
function checkPartition(
  { source, destination }: Pick<Dataset, 'source' | 'destination'>,
  column: string,
  check: CheckContext,
): void {
  if (!check.whole(['source', 'features']) || !check.whole(['destination', 'partition_by'])) return;
  const { features } = source;
  const feature =
    features === '*' ? null : features.find((each) => each.value === undefined && (each.from ?? each.name) === column);
  const name = feature === null ? column : feature?.name;
  if (name === undefined || !destination.partition_by?.includes(name)) {
    const message = `mode is "replace_partitions", but partition_by does not name ${column}: a run reads a part of a partition, and would replace all of it`;
    const hint =
      'Follow a column whose values are the partitions (the day, not the instant; a query can compute it), or set mode to append.';
    check.problem(['source', 'incremental', 'column'], message, hint);
  } else if (feature && feature.on_loss !== 'reject') {
    const message = `partitions are told apart by ${name}, and its on_loss is "${feature.on_loss}": several values of ${column} may share one`;
    check.problem(['source', 'incremental', 'column'], message, 'Remove on_loss from the feature.');
  }
}
