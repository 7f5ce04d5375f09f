import type { SqlText } from '../../flow/sql-text.ts';
import type { TableRequest } from '../../flow/table-description.ts';
import { parseTableName } from '../../metadata/table-name.ts';
import type { TableSource } from '../../metadata/table-source-schema.ts';
import { fillSql } from './fill-sql.ts';

/** What is to be asked about a source whose table is named; run variables without a value stay empty. */
export function describeRequest(source: TableSource, values: Readonly<Record<string, string>>): TableRequest {
  const { table, query } = source;
  if (query !== undefined) return { relation: null, query: withoutEnd(fillSql(query, values).sql) };
  return { relation: table === undefined ? null : parseTableName(fillName(table, values)), query: null };
}

/** A table's name with its run variables filled in. */
export function fillName(table: string, values: Readonly<Record<string, string>>): string {
  const { sql } = fillSql(table, values);
  return sql.pieces.map((piece, index) => piece + (sql.values[index] ?? '')).join('');
}

/** A query as it can stand inside another: without the semicolon at its end. */
export function withoutEnd(sql: SqlText): SqlText {
  const pieces = [...sql.pieces];
  const last = pieces.length - 1;
  pieces[last] = (pieces[last] ?? '').replace(/[\s;]*$/, '');
  return { ...sql, pieces };
}
