import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { DescribedColumn, TableDescription } from '../../../flow/table-description.ts';
import type { MysqlSession, TextRow } from '../connection/mysql-session.ts';
import { catalogueType } from './catalogue-type.ts';

/** What is asked of a table: how it stores rows besides. */
export interface RelationDescription extends TableDescription {
  /** `InnoDB`, `MyISAM`; null for a view. */
  readonly engine: string | null;
}

const TABLE = `SELECT table_schema, table_name, table_type, engine, CAST(table_rows AS CHAR), CAST(data_length AS CHAR), version()
FROM information_schema.tables WHERE table_schema = COALESCE(?, database()) AND table_name = ?`;
const COLUMNS = `SELECT column_name, data_type, column_type, is_nullable, column_comment, extra,
CAST(character_maximum_length AS CHAR), CAST(character_octet_length AS CHAR), CAST(numeric_precision AS CHAR),
CAST(numeric_scale AS CHAR), CAST(datetime_precision AS CHAR), character_set_name
FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`;
const KEY = `SELECT column_name FROM information_schema.statistics
WHERE table_schema = ? AND table_name = ? AND index_name = 'PRIMARY' ORDER BY seq_in_index`;
const CHECKS = `SELECT check_clause FROM information_schema.check_constraints
WHERE constraint_schema = ? AND table_name = ?`;

/** Asks the catalogue about a table or view. Fails with ATLAS_DB_TABLE_MISSING, and as statements do. */
export async function describeRelation(
  session: MysqlSession,
  relation: { readonly schema: string | null; readonly name: string },
  options: Abortable,
): Promise<RelationDescription> {
  const what = `describe ${relation.schema === null ? '' : `${relation.schema}.`}${relation.name}`;
  const ask = (sql: string, values: readonly unknown[]) => session.ask(sql, options, values, what);
  const [found] = await ask(TABLE, [relation.schema, relation.name]);
  if (found === undefined) throw missing(session, relation);
  const [schema = null, name = null, type, engine = null, rows = null, bytes = null, version] = found;
  const of = [schema, name];
  const mariadb = /mariadb/i.test(version ?? '');
  // only MariaDB says of which table a check is, and only MariaDB keeps JSON by one
  const checks = mariadb ? await ask(CHECKS, of).catch(() => []) : [];
  const json = new Set(checks.flatMap(([clause]) => checkedColumn(clause ?? '')));
  return {
    server: serverName(version ?? ''),
    kind: type === 'VIEW' || type === 'SYSTEM VIEW' ? 'view' : 'table',
    relation: { schema: schema ?? '', name: name ?? '' },
    columns: (await ask(COLUMNS, of)).map((row) => columnOf(row, json)),
    primaryKey: (await ask(KEY, of)).map(([column]) => column ?? ''),
    estimatedRows: engine === null ? null : numberOf(rows),
    estimatedBytes: engine === null ? null : numberOf(bytes),
    engine,
  };
}

function columnOf(row: TextRow, json: ReadonlySet<string>): DescribedColumn {
  const [name, dataType, columnType, nullable, comment] = row;
  const [characters, bytes, numericPrecision, numericScale, timePrecision, charset] = row.slice(6);
  return {
    name: name ?? '',
    type: catalogueType({
      dataType: dataType ?? '',
      columnType: columnType ?? '',
      characters: characters ?? null,
      bytes: bytes ?? null,
      numericPrecision: numericPrecision ?? null,
      numericScale: numericScale ?? null,
      timePrecision: timePrecision ?? null,
      charset: charset ?? null,
      checkedJson: json.has(name ?? ''),
    }),
    nullable: nullable === 'YES',
    comment: comment === null || comment === undefined || comment === '' ? null : comment,
  };
}

/** The column that a check holds to be JSON. */
function checkedColumn(clause: string): readonly string[] {
  const name = /^json_valid\(`((?:[^`]|``)+)`\)$/i.exec(clause.trim())?.[1];
  return name === undefined ? [] : [name.replaceAll('``', '`')];
}

/** `MariaDB 10.11.19`, `MySQL 8.0.36`. */
export function serverName(version: string): string {
  const number = /\d+(\.\d+)+/.exec(version)?.[0] ?? version;
  return `${/mariadb/i.test(version) ? 'MariaDB' : 'MySQL'} ${number}`;
}

function missing(
  { connection }: MysqlSession,
  { schema, name }: { readonly schema: string | null; readonly name: string },
): AtlasError {
  const where = schema ?? connection.database;
  const message = `${connection.name} has no table or view ${JSON.stringify(name)} in ${JSON.stringify(where)} that ${connection.user ?? 'this user'} may see`;
  const hint = `Check the name (letters of either case may differ), and: GRANT SELECT ON \`${where}\`.\`${name}\` TO the user.`;
  return new AtlasError('ATLAS_DB_TABLE_MISSING', message, { hint });
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
