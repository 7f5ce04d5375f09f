import type { Row, Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/** A table as it stands. */
export interface FoundTable {
  readonly name: string;
  readonly uuid: string;
  /** Without parameters: `ReplacingMergeTree`. */
  readonly engine: string;
  /** Engine with parameters, keys, TTL, settings. */
  readonly engineFull: string;
  /** The whole statement that would make it, TTLs of columns included. */
  readonly createSql: string;
  readonly comment: string;
  /** Materialized views that see what is inserted, `database.name`. */
  readonly views: readonly string[];
}

const FIELDS = `name, toString(uuid) AS uuid, engine, engine_full, create_table_query, comment,
  arrayMap((d, t) -> concat(d, '.', t), dependencies_database, dependencies_table) AS views`;

/** A table of the target's database, by name; null where there is none. */
export async function findTable(place: TablePlace, name: string, waiting: Waiting): Promise<FoundTable | null> {
  const sql = `SELECT ${FIELDS} FROM system.tables WHERE database = {database:String} AND name = {name:String}`;
  const [row] = await place.query(sql, waiting, { name });
  return row === undefined ? null : foundOf(row);
}

/** A table of the target's database by its id, whatever its name is now. */
export async function findTableById(place: TablePlace, uuid: string, waiting: Waiting): Promise<FoundTable | null> {
  const sql = `SELECT ${FIELDS} FROM system.tables WHERE database = {database:String} AND toString(uuid) = {uuid:String}`;
  const [row] = await place.query(sql, waiting, { uuid });
  return row === undefined ? null : foundOf(row);
}

/** The tables of the target's database whose names begin so, in order of their names. */
export async function findTables(place: TablePlace, prefix: string, waiting: Waiting): Promise<readonly FoundTable[]> {
  const sql = `SELECT ${FIELDS} FROM system.tables WHERE database = {database:String} AND startsWith(name, {prefix:String}) ORDER BY name`;
  return (await place.query(sql, waiting, { prefix })).map(foundOf);
}

function foundOf(row: Row): FoundTable {
  return {
    name: textOf(row, 'name'),
    uuid: textOf(row, 'uuid'),
    engine: textOf(row, 'engine'),
    engineFull: textOf(row, 'engine_full'),
    createSql: textOf(row, 'create_table_query'),
    comment: textOf(row, 'comment'),
    views: (row['views'] as readonly unknown[]).map(String),
  };
}

function textOf(row: Row, key: string): string {
  const value = row[key];
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value ?? '');
}
