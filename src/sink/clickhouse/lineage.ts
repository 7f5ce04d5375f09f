import type { Waiting } from './server/clickhouse-server.ts';
import { quoteText } from './server/quote-text.ts';
import type { TablePlace } from './table-place.ts';

/** Which table was made from which: an append or replacement that exchanges tables gives the target another id each time. */
const LINEAGE = '_atlas_lineage';

const COLUMNS = `child UUID, parent UUID, replaced Array(String), above Nullable(Int64), run String, made DateTime('UTC')`;

/** A partition that was to be replaced in a table that stayed the same. */
export interface ReplacedInPlace {
  readonly uuid: string;
  readonly partition: string;
  /** Highest block number of the partition before: what replaced it has higher ones. */
  readonly above: bigint;
}

/** What became of a table on its way to another. */
export interface Descent {
  /** Partitions that another table did not take over. */
  readonly replaced: ReadonlySet<string>;
  readonly inPlace: readonly ReplacedInPlace[];
}

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
  await makeLineage(place, waiting);
  const replaced = `[${made.replaced.map(quoteText).join(', ')}]`;
  const values = `(${quoteText(made.child)}, ${quoteText(made.parent)}, ${replaced}, ${quoteText(made.run)}, now('UTC'))`;
  const sql = `INSERT INTO ${table} (child, parent, replaced, run, made) VALUES ${values}`;
  await place.command(sql, waiting, { settings: { async_insert: 0 } });
}

/** Writes down that a partition is about to be replaced in the table itself. Says nothing about whether that happens: block numbers do. */
export async function recordReplacement(
  place: TablePlace,
  { uuid, partition, above }: ReplacedInPlace,
  run: string,
  waiting: Waiting,
): Promise<void> {
  await makeLineage(place, waiting);
  const values = `(${quoteText(uuid)}, ${quoteText(uuid)}, [${quoteText(partition)}], ${above}, ${quoteText(run)}, now('UTC'))`;
  const sql = `INSERT INTO ${place.sql(LINEAGE)} (child, parent, replaced, above, run, made) VALUES ${values}`;
  await place.command(sql, waiting, { settings: { async_insert: 0 } });
}

async function makeLineage(place: TablePlace, waiting: Waiting): Promise<void> {
  const sql = `CREATE TABLE IF NOT EXISTS ${place.sql(LINEAGE)} (${COLUMNS}) ENGINE = MergeTree ORDER BY child`;
  await place.command(sql, waiting);
}

/** Whether a table is another, or was made from it, table by table, and what became of its partitions on the way; null where it is not. */
export async function descentOf(
  place: TablePlace,
  { uuid, of }: { readonly uuid: string; readonly of: string },
  waiting: Waiting,
): Promise<Descent | null> {
  const replaced = new Set<string>();
  const inPlace: ReplacedInPlace[] = [];
  const exists = `SELECT count() AS found FROM system.tables WHERE database = {database:String} AND name = {name:String}`;
  const [found] = await place.query(exists, waiting, { name: LINEAGE });
  if (Number(found?.['found']) === 0) return uuid === of ? { replaced, inPlace } : null;
  const sql = `SELECT toString(child) AS child, toString(parent) AS parent, replaced, toString(above) AS above FROM ${place.sql(LINEAGE)}`;
  const rows = await place.query(sql, waiting);
  const made = new Map(rows.flatMap((row) => (row['above'] === null ? [[String(row['child']), row] as const] : [])));
  for (let at = uuid; ; ) {
    for (const row of rows) {
      if (row['above'] === null || String(row['child']) !== at) continue;
      const above = BigInt(String(row['above']));
      for (const id of row['replaced'] as readonly unknown[]) inPlace.push({ uuid: at, partition: String(id), above });
    }
    if (at === of) return { replaced, inPlace };
    const row = made.get(at);
    if (row === undefined) return null;
    made.delete(at);
    for (const id of row['replaced'] as readonly unknown[]) replaced.add(String(id));
    at = String(row['parent']);
  }
}
