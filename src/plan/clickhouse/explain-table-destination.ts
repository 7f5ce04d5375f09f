import type { ClickhouseDestinationPlan } from '../../flow/dataset-plan.ts';

/** A ClickHouse destination for people: what is made where there is nothing, and how large a block is. */
export function explainTableDestination(destination: ClickhouseDestinationPlan): readonly [string, string][] {
  const { create, mode, blockRows, blockBytes, onViews } = destination;
  const sorted = create === null || create.orderBy.length === 0 ? '' : `, ORDER BY ${create.orderBy.join(', ')}`;
  const parted =
    create === null || create.partitionBy.length === 0 ? '' : `, PARTITION BY ${create.partitionBy.join(', ')}`;
  const made = create === null ? 'must be there' : `made where it is not there: ${create.engine}${sorted}${parted}`;
  const views = {
    refuse: 'materialized views on the table are refused',
    bypass: 'materialized views on the table see nothing of a load',
    direct: 'materialized views on the table see every row',
  } as const;
  return [
    ['destination', `${destination.path}: a table, ${mode}; ${made}`],
    ['blocks', `at most ${count(blockRows)} rows and ${count(blockBytes)} bytes of values`],
    ['views', views[onViews]],
  ];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
