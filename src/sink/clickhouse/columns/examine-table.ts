import { AtlasError } from '../../../errors.ts';
import { clickhouseNameProblem } from '../../../metadata/quote-clickhouse-name.ts';
import type { Waiting } from '../server/clickhouse-server.ts';
import type { TablePlace } from '../table-place.ts';
import type { TablePlan } from '../table-plan.ts';
import { columnsError } from './columns-error.ts';
import { compareShape, type ShapeDifference } from './compare-shape.ts';
import { compareTable } from './compare-table.ts';
import { findLiveTable } from './find-live-table.ts';
import type { LiveTable } from './live-table.ts';
import { storageClauses } from './storage-clauses.ts';
import type { TableComparison } from './table-comparison.ts';

/** As much of a plan as a table is held against. */
export type WantedTable = Pick<TablePlan, 'schema' | 'columns' | 'create' | 'mode' | 'onDrift'>;

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
 * ATLAS_CH_TABLE_MISSING or ATLAS_TARGET_KIND where the table is not there and must be, or is none that rows rest in.
 */
export async function examineTable(
  plan: WantedTable,
  { server, database, table, target }: TablePlace,
  waiting: Waiting,
): Promise<TableExamination | null> {
  const { create, mode } = plan;
  const live = await findLiveTable(server, { database, table }, waiting);
  if (live === null) {
    if (create !== null) {
      checkLength(table, database);
      return null;
    }
    throw new AtlasError('ATLAS_CH_TABLE_MISSING', `${target}: there is no such table, and create_table is false`);
  }
  if (!live.engine.endsWith('MergeTree')) {
    throw new AtlasError('ATLAS_TARGET_KIND', `${target} is of engine ${live.engine}, and a MergeTree is needed`, {
      hint: 'Name the table that the rows rest in: drafts of parts are made beside it, and change places with it.',
    });
  }
  const reshaped = create === null ? [] : await compareShape(create, live, server, waiting);
  // settings tune a table, and change nothing of what is in it: they are of new tables alone
  const refused = mode === 'overwrite' ? [] : reshaped.filter(({ key }) => key !== 'settings');
  if (refused.length > 0) throw shapeError(refused, target);
  if (storageClauses(live.engineFull)['SAMPLE BY'] !== undefined && reshaped.some(({ key }) => SORTING.has(key))) {
    throw new AtlasError('ATLAS_CH_COLUMNS', `${target} has a sampling key, and cannot be sorted anew`, {
      hint: 'Declare order_by and primary_key as the table has them, or drop the table.',
    });
  }
  const { disagreements, ...comparison } = compareTable(plan, live);
  if (disagreements.length > 0) throw columnsError(disagreements, plan, target);
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

function shapeError(differences: readonly ShapeDifference[], target: string): AtlasError {
  const told = differences.map(
    ({ key, declared, live }) => `${key} is declared as ${declared || 'nothing'}, the table has ${live || 'nothing'}`,
  );
  return new AtlasError('ATLAS_CH_COLUMNS', `${target}: ${told.join('; ')}`, {
    place: { file: target },
    hint: 'Remove these keys from the destination, or declare them as the table has them; mode overwrite makes the table anew.',
  });
}
