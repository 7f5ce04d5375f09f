import type { IncrementalRange, PostgresSourcePlan } from '../../../flow/dataset-plan.ts';
import { quoteIdentifier, quoteRelation } from '../../../metadata/quote-identifier.ts';
import { numbered, type SentStatement, type WrittenSql } from '../connection/sent-statement.ts';
import { keyLiteral } from './key-literal.ts';

/** What of the table a statement is about. */
export interface SelectScope {
  /** SQL of the list after SELECT; left out: the columns of the plan. */
  readonly list?: string;
  /** Words behind the name of the table, such as TABLESAMPLE …. */
  readonly sample?: string;
  /** A condition of ours, besides those of the document and the run. */
  readonly condition?: string | null;
  /** Rows of the whole table or query, whatever the run's range is. */
  readonly anyRange?: boolean;
}

/** What is selected where no column is: rows of no fields. */
export function selectList({ columns }: PostgresSourcePlan): string {
  return columns.flatMap((column) => (column === null ? [] : [column.expression])).join(', ');
}

/** SELECT over the plan's table or query, with its condition and range, between `before` and `after`. */
export function selectSql(plan: PostgresSourcePlan, scope: SelectScope, before = '', after = ''): SentStatement {
  const { relation, query, where, range, incremental } = plan;
  const written: WrittenSql[] = [];
  let sql = `${before}SELECT ${scope.list ?? selectList(plan)} FROM `;
  const write = (key: WrittenSql['key'], text: NonNullable<typeof query>): void => {
    // on lines of its own: it may end in a comment
    sql += '(\n';
    written.push({ key, at: sql.length, text });
    sql += `${numbered(text)}\n)`;
  };
  if (query !== null) {
    write('query', query);
    sql += ' AS atlas_query';
  } else if (relation !== null) sql += quoteRelation('postgresql', relation);
  if (scope.sample !== undefined) sql += ` ${scope.sample}`;
  let word = ' WHERE ';
  if (where !== null) {
    sql += word;
    write('where', where);
    word = ' AND ';
  }
  const within =
    range === undefined || incremental === null || scope.anyRange === true ? null : rangeSql(range, incremental);
  for (const condition of [within, scope.condition ?? null]) {
    if (condition === null) continue;
    sql += `${word}(${condition})`;
    word = ' AND ';
  }
  return { sql: sql + after, values: [...(query?.values ?? []), ...(where?.values ?? [])], written };
}

/** The condition of a run's range; null where it holds all rows. */
export function rangeSql(
  { from, fromInclusive, to, toInclusive, nulls }: IncrementalRange,
  { column, serverType }: { readonly column: string; readonly serverType: string },
): string | null {
  const name = quoteIdentifier('postgresql', column);
  const ends: string[] = [];
  if (from !== null) ends.push(`${name} ${fromInclusive ? '>=' : '>'} ${keyLiteral(from, serverType)}`);
  if (to !== null) ends.push(`${name} ${toInclusive ? '<=' : '<'} ${keyLiteral(to, serverType)}`);
  if (ends.length === 0) return nulls ? null : `${name} IS NOT NULL`;
  return nulls ? `${ends.join(' AND ')} OR ${name} IS NULL` : ends.join(' AND ');
}
