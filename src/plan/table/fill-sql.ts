import type { SqlText } from '../../flow/sql-text.ts';
import { variablesOf } from '../../metadata/run-variables.ts';

const VARIABLE = /\{\{\s*(?:'(\{\{)'\s*\}\}|([A-Za-z_][A-Za-z0-9_]*)\s*\}\})/g;

/** Takes SQL apart at its run variables, whose values are bound; `missing`: names without a value. */
export function fillSql(
  text: string,
  values: Readonly<Record<string, string>>,
): { readonly sql: SqlText; readonly missing: readonly string[] } {
  const pieces: string[] = [];
  const bound: string[] = [];
  let piece = '';
  let at = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const [whole, literal, name = ''] = match;
    piece += text.slice(at, match.index);
    at = match.index + whole.length;
    if (literal !== undefined) piece += literal;
    else {
      pieces.push(piece);
      bound.push(Object.hasOwn(values, name) ? (values[name] ?? '') : '');
      piece = '';
    }
  }
  pieces.push(piece + text.slice(at));
  const missing = [...new Set(variablesOf(text).names)].filter((name) => !Object.hasOwn(values, name));
  return { sql: { pieces, values: bound }, missing };
}
