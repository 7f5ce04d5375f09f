import type { Waiting } from './server/clickhouse-server.ts';
import { quoteText } from './server/quote-text.ts';
import type { TablePlace } from './table-place.ts';

/** Which table was made from which: an append or replacement that exchanges tables gives the target another id each time. */
const LINEAGE = '_atlas_lineage';

const COLUMNS = `child UUID, parent UUID, replaced Array(String), run String, made DateTime('UTC')`;

/**
 * Writes down that a table was made from another, all of which it holds but for the partitions in `replaced`. Call it before the one takes
 * the other's place: it says nothing about whether that happens.
 */
export async function recordLineage(
  place: TablePlace,
  made: { readonly child: string; readonly parent: string; readonly replaced: readonly string[]; readonly run: string },
  waiting: Waiting,
): Promise<void> {
  const table = place.sql(LINEAGE);
  await place.command(`CREATE TABLE IF NOT EXISTS ${table} (${COLUMNS}) ENGINE = MergeTree ORDER BY child`, waiting);
  const replaced = `[${made.replaced.map(quoteText).join(', ')}]`;
  const values = `(${quoteText(made.child)}, ${quoteText(made.parent)}, ${replaced}, ${quoteText(made.run)}, now('UTC'))`;
  const sql = `INSERT INTO ${table} (child, parent, replaced, run, made) VALUES ${values}`;
  await place.command(sql, waiting, { settings: { async_insert: 0 } });
}

/**
 * Whether a table is another, or was made from it, table by table: the partitions that were replaced on the way; null where it is not.
 */
export async function isDescendant(
  place: TablePlace,
  { uuid, of }: { readonly uuid: string; readonly of: string },
  waiting: Waiting,
): Promise<ReadonlySet<string> | null> {
  const replaced = new Set<string>();
  if (uuid === of) return replaced;
  const sql = `SELECT toString(child) AS child, toString(parent) AS parent, replaced FROM ${place.sql(LINEAGE)}`;
  const exists = `SELECT count() AS found FROM system.tables WHERE database = {database:String} AND name = {name:String}`;
  const [found] = await place.query(exists, waiting, { name: LINEAGE });
  if (Number(found?.['found']) === 0) return null;
  const made = new Map((await place.query(sql, waiting)).map((row) => [String(row['child']), row]));
  for (let at = uuid; at !== of; ) {
    const row = made.get(at);
    if (row === undefined) return null;
    made.delete(at);
    for (const id of row['replaced'] as readonly unknown[]) replaced.add(String(id));
    at = String(row['parent']);
  }
  return replaced;
}
