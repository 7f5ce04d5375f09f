/** A piece of a ClickHouse statement that is no white space and no comment. */
export interface Token {
  readonly kind: 'word' | 'string' | 'name' | 'symbol';
  readonly text: string;
  /** First character, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** How many brackets are open around it. */
  readonly depth: number;
}

const PIECE = /\s+|--[^\n]*|#![^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\w$]+|[\s\S]/y;

/** The tokens of a statement; quoted text is one token, whatever stands in it. */
export function statementTokens(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  let at = 0;
  while (at < sql.length) {
    const text = pieceAt(sql, at);
    const start = at;
    at += text.length;
    if (/^(?:\s|--|#!|\/\*)/.test(text)) continue;
    if (text === ')' || text === ']' || text === '}') depth -= 1;
    tokens.push({ kind: kindOf(text), text, start, end: at, depth });
    if (text === '(' || text === '[' || text === '{') depth += 1;
  }
  return tokens;
}

function pieceAt(sql: string, at: number): string {
  const quote = sql[at];
  if (quote === "'" || quote === '`' || quote === '"') return quotedAt(sql, at, quote);
  PIECE.lastIndex = at;
  return PIECE.exec(sql)?.[0] ?? (quote as string);
}

/** From a quotation mark to the one that closes it: doubled ones and what follows a backslash do not. */
function quotedAt(sql: string, at: number, quote: string): string {
  let end = at + 1;
  while (end < sql.length) {
    if (sql[end] === '\\') end += 2;
    else if (sql[end] !== quote) end += 1;
    else if (sql[end + 1] === quote) end += 2;
    else return sql.slice(at, end + 1);
  }
  return sql.slice(at);
}

function kindOf(text: string): Token['kind'] {
  if (text.startsWith("'")) return 'string';
  if (text.startsWith('`') || text.startsWith('"')) return 'name';
  return /^[\w$]/.test(text) ? 'word' : 'symbol';
}
