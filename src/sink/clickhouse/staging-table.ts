import { createTableSql } from '../../flow/create-table-sql.ts';
import type { ClickhouseColumn, NewTable } from '../../flow/dataset-plan.ts';
import { quoteClickhouseName } from '../../metadata/quote-clickhouse-name.ts';
import { type FoundTable, findTable } from './find-table.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/** What a table is made after: one that is there, or the plan. */
export type TableShape =
  | {
      readonly kind: 'live';
      readonly table: FoundTable;
      /** Clauses that it has otherwise, for `CREATE TABLE … AS`; none where it is like it. */
      readonly clauses: string;
      /** `ADD COLUMN …`, `MODIFY COLUMN …`: how its columns are other than those of the table. */
      readonly changes: readonly string[];
    }
  | { readonly kind: 'new'; readonly table: NewTable; readonly columns: readonly ClickhouseColumn[] };

/** Never reached. */
const ENDLESS = 1_000_000_000;

/**
 * Keep every part as the INSERT made it: hashes must be the same when they are published, and what is counted is what was sent. Blocks
 * may be small, so that parts may be many. Tokens are remembered: a request that somebody between here and the server sends twice makes
 * rows once.
 */
const STAGING_SETTINGS = {
  max_bytes_to_merge_at_max_space_in_pool: 1,
  max_bytes_to_merge_at_min_space_in_pool: 1,
  min_age_to_force_merge_seconds: 0,
  non_replicated_deduplication_window: 10_000,
  parts_to_delay_insert: ENDLESS,
  parts_to_throw_insert: ENDLESS,
  max_parts_in_total: ENDLESS,
};

/** Makes an empty table of the shape, under a name of the run's own; its columns are still those of the live one. */
export async function makeTable(place: TablePlace, name: string, shape: TableShape, waiting: Waiting): Promise<void> {
  const sql =
    shape.kind === 'live'
      ? `CREATE TABLE ${place.sql(name)} AS ${place.live} ${shape.clauses}`.trimEnd()
      : createTableSql(place.sql(name), shape.columns, shape.table);
  await place.command(sql, waiting);
}

/** Gives a table the columns of the shape; answers once its rows are rewritten where that is needed. */
export async function changeColumns(
  place: TablePlace,
  name: string,
  changes: readonly string[],
  waiting: Waiting,
): Promise<void> {
  if (changes.length === 0) return;
  const settings = { alter_sync: 2, mutations_sync: 2 };
  await place.command(`ALTER TABLE ${place.sql(name)} ${changes.join(', ')}`, waiting, { settings });
}

/** Makes an empty table of the shape that keeps what is inserted as it is: no merges, no TTL. */
export async function makeStagingTable(
  place: TablePlace,
  name: string,
  shape: TableShape,
  waiting: Waiting,
): Promise<void> {
  await makeTable(place, name, shape, waiting);
  if (shape.kind === 'live') await changeColumns(place, name, shape.changes, waiting);
  const settings = Object.entries(STAGING_SETTINGS).map(([key, value]) => `${key} = ${value}`);
  const table = place.sql(name);
  await place.command(`ALTER TABLE ${table} MODIFY SETTING ${settings.join(', ')}`, waiting);
  if (shape.kind === 'new' || !/\bTTL\b/.test(shape.table.createSql)) return;
  const made = await findTable(place, name, waiting);
  if (/\bTTL\b/.test(made?.engineFull ?? '')) await place.command(`ALTER TABLE ${table} REMOVE TTL`, waiting);
  for (const { name: column, ttl_expression: ttl } of await place.query(`DESCRIBE TABLE ${table}`, waiting)) {
    if (!ttl) continue;
    await place.command(
      `ALTER TABLE ${table} MODIFY COLUMN ${quoteClickhouseName(String(column))} REMOVE TTL`,
      waiting,
    );
  }
}
