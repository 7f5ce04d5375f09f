import type { SqlText } from '../../../flow/sql-text.ts';

/** A statement as it is sent, and where in it a text of the document stands. */
export interface SentStatement {
  readonly sql: string;
  /** Bound as `$1`, `$2`, … */
  readonly values: readonly string[];
  readonly written: readonly WrittenSql[];
}

/** A text of the document inside a statement. */
export interface WrittenSql {
  /** What the document calls it. */
  readonly key: 'query' | 'where';
  /** UTF-16 units before it in the statement. */
  readonly at: number;
  readonly text: SqlText;
}

/** The text with `$1`, `$2`, … for its values, counted on from `bound`. */
export function numbered({ pieces }: SqlText, bound = 0): string {
  return pieces.map((piece, index) => (index === 0 ? piece : `$${bound + index}${piece}`)).join('');
}

/**
 * Where a server's position (in characters, from 1) stands in what people wrote: `query, line 3, column 8`; null where it stands in
 * what was put around it. The column is left out where a bound value stands before it on its line.
 */
export function locateInDocument({ sql, written }: SentStatement, position: number): string | null {
  const unit = [...sql].slice(0, position - 1).join('').length;
  for (const { key, at, text } of written) {
    const sent = numbered(text);
    if (unit < at || unit > at + sent.length) continue;
    const before = sent.slice(0, unit - at);
    const line = before.split('\n').length;
    const sameLine = before.slice(before.lastIndexOf('\n') + 1);
    const moved = text.pieces.length > 1 && /\$\d+/.test(sameLine);
    return moved ? `${key}, line ${line}` : `${key}, line ${line}, column ${[...sameLine].length + 1}`;
  }
  return null;
}
