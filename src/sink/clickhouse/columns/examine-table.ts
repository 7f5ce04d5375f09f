import { AtlasError } from '../../../errors.ts';
import type { ClickhouseDatasetPlan } from '../../../flow/dataset-plan.ts';
import { clickhouseNameProblem } from '../../../metadata/quote-clickhouse-name.ts';
import type { ClickhouseServer, Waiting } from '../server/clickhouse-server.ts';
import { columnsError } from './columns-error.ts';
import { compareShape, type ShapeDifference } from './compare-shape.ts';
import { compareTable } from './compare-table.ts';
import { findLiveTable } from './find-live-table.ts';
import type { LiveTable } from './live-table.ts';
import { storageClauses } from './storage-clauses.ts';
import type { TableComparison } from './table-comparison.ts';

const SORTING = new Set<string>(['order_by', 'primary_key']);

/** A table that is there, and what has to be done so that the rows of a plan go into it. */
export interface TableExamination extends Pick<TableComparison, 'changes' | 'ranges' | 'notes'> {
  readonly live: LiveTable;
  /** Of a plan that overwrites: what the new table has otherwise than the old one. */
  readonly reshaped: readonly ShapeDifference[];
}

/**
 * Looks at the table that a plan goes to, and says what has to be done before rows go into it; null where there is none, and one will be made.
 * Changes nothing. Fails with ATLAS_CH_COLUMNS where features and columns, or declared and present keys, do not agree, and with
 * ATLAS_CH_TABLE_MISSING where the table is not there and must be.
 */
export async function examineTable(
  plan: Pick<ClickhouseDatasetPlan, 'schema' | 'destination' | 'onDrift'>,
  server: ClickhouseServer,
  waiting: Waiting,
): Promise<TableExamination | null> {
  const { destination } = plan;
  const { table, create, mode } = destination;
  const database = destination.database ?? server.database;
  const place = `${server.name}: ${database}.${table}`;
  const live = await findLiveTable(server, { database, table }, waiting);
  if (live === null) {
    if (create !== null) {
      checkLength(table, database);
      return null;
    }
    throw new AtlasError('ATLAS_CH_TABLE_MISSING', `${place}: there is no such table, and create_table is false`);
  }
  if (!live.engine.endsWith('MergeTree')) {
    throw new AtlasError('ATLAS_CH_COLUMNS', `${place} is of engine ${live.engine}, and a MergeTree is needed`, {
      hint: 'Name the table that the rows rest in: drafts of parts are made beside it, and change places with it.',
    });
  }
  const reshaped = create === null ? [] : await compareShape(create, live, server, waiting);
  // settings tune a table, and change nothing of what is in it: they are of new tables alone
  const refused = mode === 'overwrite' ? [] : reshaped.filter(({ key }) => key !== 'settings');
  if (refused.length > 0) throw shapeError(refused, place);
  if (storageClauses(live.engineFull)['SAMPLE BY'] !== undefined && reshaped.some(({ key }) => SORTING.has(key))) {
    throw new AtlasError('ATLAS_CH_COLUMNS', `${place} has a sampling key, and cannot be sorted anew`, {
      hint: 'Declare order_by and primary_key as the table has them, or drop the table.',
    });
  }
  const { disagreements, ...comparison } = compareTable(plan, live);
  if (disagreements.length > 0) throw columnsError(disagreements, plan, place);
  return { live, reshaped: mode === 'overwrite' ? reshaped : [], ...comparison };
}

/** The name of a table and that of its database share that of a file, where the table is dropped. */
function checkLength(table: string, database: string): void {
  const problem = clickhouseNameProblem(table, database);
  if (problem === null) return;
  throw new AtlasError('ATLAS_META_INVALID', `${database}.${table} cannot be made: ${problem}`, {
    hint: 'Choose a shorter name.',
  });
}

function shapeError(differences: readonly ShapeDifference[], place: string): AtlasError {
  const told = differences.map(
    ({ key, declared, live }) => `${key} is declared as ${declared || 'nothing'}, the table has ${live || 'nothing'}`,
  );
  return new AtlasError('ATLAS_CH_COLUMNS', `${place}: ${told.join('; ')}`, {
    place: { file: place },
    hint: 'Remove these keys from the destination, or declare them as the table has them; mode overwrite makes the table anew.',
  });
}
