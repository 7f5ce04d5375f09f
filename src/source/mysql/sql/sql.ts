import type { SqlText } from '../../../flow/sql-text.ts';

/** SQL with a `?` for each of its values, which are bound. */
export interface Sql {
  readonly text: string;
  readonly values: readonly string[];
}

/** SQL of the document, a `?` for each run variable. */
export function sqlOf({ pieces, values }: SqlText): Sql {
  return { text: pieces.join('?'), values };
}

/** All of the conditions; each in brackets and on lines of its own, for it may end with a comment. */
export function allOf(conditions: readonly Sql[]): Sql {
  return {
    text: conditions.map(({ text }) => `(\n${text}\n)`).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  };
}
