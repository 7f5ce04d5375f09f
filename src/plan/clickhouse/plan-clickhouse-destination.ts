import type { ClickhouseDestinationPlan, DatasetPlan, NewTable, ShapeKey } from '../../flow/dataset-plan.ts';
import type { ClickhouseDestination } from '../../metadata/clickhouse-destination-schema.ts';
import { clickhouseNameProblem, quoteClickhouseName } from '../../metadata/quote-clickhouse-name.ts';
import type { Templates } from '../templates.ts';
import { planColumns } from './plan-columns.ts';

const SHAPE: readonly ShapeKey[] = ['engine', 'order_by', 'partition_by', 'primary_key', 'settings'];

/** Resolves a ClickHouse destination: names with their run variables filled in, and a column for each field. */
export function planClickhouseDestination(
  destination: ClickhouseDestination,
  schema: DatasetPlan['schema'],
  templates: Templates,
): ClickhouseDestinationPlan {
  const { connection, mode } = destination;
  const table = name('table', destination.table);
  const database = destination.database === undefined ? null : name('database', destination.database);
  return {
    type: 'clickhouse',
    path: `clickhouse://${connection}/${database === null ? '' : `${database}.`}${table}`,
    connection,
    database,
    table,
    mode,
    create: destination.create_table ? planNewTable(destination, schema) : null,
    columns: planColumns(schema, destination.low_cardinality),
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

function planNewTable(destination: ClickhouseDestination, { fields }: DatasetPlan['schema']): NewTable {
  const settings = Object.entries(destination.settings ?? {});
  const names = new Set(fields.map(({ name }) => name));
  const sql = (texts: readonly string[] = []): readonly string[] =>
    texts.map((text) => (names.has(text) ? quoteClickhouseName(text) : text));
  return {
    declared: SHAPE.filter((key) => destination[key] !== undefined),
    engine: destination.engine ?? 'MergeTree',
    orderBy: sql(destination.order_by),
    partitionBy: sql(destination.partition_by),
    primaryKey: sql(destination.primary_key),
    settings: Object.fromEntries(
      settings.map(([key, value]) => [key, typeof value === 'boolean' ? Number(value) : value]),
    ),
  };
}
