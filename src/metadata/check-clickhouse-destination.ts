import type { CheckContext } from './check-context.ts';
import type { ClickhouseDestination } from './clickhouse-destination-schema.ts';
import { clickhouseNameProblem } from './quote-clickhouse-name.ts';
import { variablesOf } from './run-variables.ts';

/** Keys that say how a table is made. */
const SHAPE = ['engine', 'order_by', 'partition_by', 'primary_key', 'settings'] as const;

/** Engines that publish by EXCHANGE and MOVE PARTITION, with their parameters and nothing behind. */
const MERGE_TREE =
  /^(Replacing|Summing|Aggregating|Collapsing|VersionedCollapsing|Graphite|Coalescing)?MergeTree(\s*\(.*\))?$/s;

/** What must hold between the keys of a ClickHouse destination. */
export function checkClickhouseDestination(destination: ClickhouseDestination, check: CheckContext): void {
  const { mode, on_views: onViews } = destination;
  for (const key of ['table', 'database'] as const) {
    const name = destination[key];
    const problem = name === undefined || variablesOf(name).names.length > 0 ? null : clickhouseNameProblem(name);
    if (problem !== null) check.problem([key], `${key} cannot be a name: ${problem}`, 'Choose another.');
  }
  if (destination.table.startsWith('_atlas_')) {
    const message = `table is ${JSON.stringify(destination.table)}, and names that begin with _atlas_ are those of drafts and locks`;
    check.problem(['table'], message, 'Choose another.');
  }
  const engine = destination.engine?.trim();
  if (engine !== undefined && !MERGE_TREE.test(engine)) {
    const message = `engine is ${JSON.stringify(engine)}, and only tables of MergeTree engines are loaded`;
    const hint = /^(Replicated|Shared)/i.test(engine)
      ? 'Replicated tables are not supported: EXCHANGE and MOVE PARTITION publish on one replica only.'
      : 'Write MergeTree, or ReplacingMergeTree(…) and the like; ORDER BY and the rest have keys of their own.';
    check.problem(['engine'], message, hint);
  }
  if (onViews === 'direct' && mode !== 'append') {
    const message = `on_views is "direct", but mode is "${mode}": only rows that are inserted into the table itself reach its views`;
    check.problem(['on_views'], message, 'Set mode to append, or on_views to bypass.');
  }
  if (mode === 'replace_partitions' && destination.create_table && destination.partition_by === undefined) {
    if (check.whole(['partition_by'])) {
      const hint = 'Add partition_by, choose overwrite, or set create_table to false for a table that has partitions.';
      check.problem(['mode'], 'mode is "replace_partitions", but partition_by is missing', hint);
    }
  }
  if (destination.create_table) return;
  for (const key of SHAPE) {
    if (destination[key] === undefined) continue;
    const message = `${key} is set, but create_table is false: no table is ever made`;
    check.problem([key], message, 'Remove it, or set create_table to true.');
  }
}
