import type { ClickhouseDestinationPlan, DatasetPlan, NewTable } from '../../flow/dataset-plan.ts';
import type { ClickhouseDestination } from '../../metadata/clickhouse-destination-schema.ts';
import { clickhouseNameProblem } from '../../metadata/quote-clickhouse-name.ts';
import type { Templates } from '../templates.ts';
import { clickhouseType } from './column-type.ts';

/** Resolves a ClickHouse destination: names with their run variables filled in, and a column for each field. */
export function planClickhouseDestination(
  destination: ClickhouseDestination,
  schema: DatasetPlan['schema'],
  templates: Templates,
): ClickhouseDestinationPlan {
  const { connection, mode } = destination;
  const table = name('table', destination.table);
  const database = destination.database === undefined ? null : name('database', destination.database);
  const low = new Set(destination.low_cardinality);
  return {
    type: 'clickhouse',
    path: `clickhouse://${connection}/${database === null ? '' : `${database}.`}${table}`,
    connection,
    database,
    table,
    mode,
    create: destination.create_table ? planNewTable(destination) : null,
    columns: schema.fields.map((field) => ({ name: field.name, type: clickhouseType(field, low.has(field.name)) })),
    onViews: destination.on_views,
    blockRows: destination.block_rows,
    blockBytes: destination.block_bytes,
  };

  function name(key: 'table' | 'database', written: string): string {
    const filled = templates.fill(written, `destination.${key}`);
    const problem = clickhouseNameProblem(filled);
    if (problem !== null)
      templates.refuse(`destination.${key}`, `${key} cannot be a name: ${problem}`, 'Choose another.');
    return filled;
  }
}

function planNewTable(destination: ClickhouseDestination): NewTable {
  const settings = Object.entries(destination.settings ?? {});
  return {
    engine: destination.engine ?? 'MergeTree',
    orderBy: destination.order_by ?? [],
    partitionBy: destination.partition_by ?? [],
    primaryKey: destination.primary_key ?? [],
    settings: Object.fromEntries(
      settings.map(([key, value]) => [key, typeof value === 'boolean' ? Number(value) : value]),
    ),
  };
}
