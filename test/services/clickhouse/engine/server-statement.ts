import { EngineException } from './engine-exception.ts';
import { statementTokens, type Token } from './statement-tokens.ts';

/** A statement as it came over HTTP, and how the engine is told it. */
export interface ServerStatement {
  readonly isInsert: boolean;
  /** Of what it answers, or of what is inserted; `null` where it names none. */
  readonly format: string | null;
  /** An INSERT that waits for data which do not stand in it. */
  readonly takesBody: boolean;
  /** For the engine. */
  readonly text: string;
}

/** What of a statement a server answers itself. */
export interface StatementRewrites {
  /** The version that is announced; `null` = the engine's own. */
  readonly version: string | null;
  /** A FIFO that the body of an INSERT comes through, packed as zstd; `null` = there is none. */
  readonly body: string | null;
}

/** Where a connection keeps the query_id that a client gave: the engine makes up its own. */
export const QUERY_ID_SETTING = 'log_comment';

const QUERY_ID = `if(Settings['${QUERY_ID_SETTING}'] = '', query_id, Settings['${QUERY_ID_SETTING}'])`;
const PROCESSES = `(SELECT * REPLACE (${QUERY_ID} AS query_id, ${QUERY_ID} AS initial_query_id) FROM system.processes)`;

/** Reads a statement. Throws 62 where there are several. */
export function serverStatement(sql: string, { version, body }: StatementRewrites): ServerStatement {
  const tokens = statementTokens(sql);
  const words = tokens.map(({ kind, text }) => (kind === 'word' ? text.toUpperCase() : ''));
  const isInsert = words[0] === 'INSERT';
  const end = tokens.findIndex(({ text, depth }) => text === ';' && depth === 0);
  if (end !== -1 && end + 1 < tokens.length && !isInsert) {
    throw new EngineException(62, 'SYNTAX_ERROR', 'Syntax error (Multi-statements are not allowed)');
  }
  const formatAt = findLast(tokens, words, 'FORMAT', isInsert);
  const format = formatAt === -1 ? null : (tokens[formatAt + 1]?.text ?? null);
  const clause = isInsert ? dataClause(tokens, words) : -1;
  const input = words.findIndex((word, at) => word === 'INPUT' && tokens[at + 1]?.text === '(');
  const takesBody = isInsert && (words[clause] === 'FORMAT' || words[clause] === 'VALUES' || input > 0);
  const edits: Edit[] = [...(version === null ? [] : announce(tokens, words, version)), ...asked(tokens, words)];
  if (takesBody && body !== null) {
    if (input > 0) edits.push(...throughInput(tokens, input, formatAt, body));
    else edits.push(...throughFile(tokens, words, clause, body));
  }
  return { isInsert, format: words[clause] === 'VALUES' ? 'Values' : format, takesBody, text: edited(sql, edits) };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function edited(sql: string, edits: readonly Edit[]): string {
  const fromTheEnd = [...edits].sort((a, b) => b.start - a.start || b.end - a.end);
  return fromTheEnd.reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), sql);
}

/** The first (of an INSERT) or last FORMAT that no bracket is around. */
function findLast(tokens: readonly Token[], words: readonly string[], word: string, first: boolean): number {
  const matches = (_: Token, at: number): boolean => words[at] === word && tokens[at]?.depth === 0 && at > 0;
  return first ? tokens.findIndex(matches) : tokens.findLastIndex(matches);
}

/** Where the data of an INSERT are spoken of: after its table, columns and settings. */
function dataClause(tokens: readonly Token[], words: readonly string[]): number {
  const named = words[2] === 'TABLE' || words[2] === 'FUNCTION' ? 4 : 3;
  return words.findIndex(
    (word, at) => at >= named && tokens[at]?.depth === 0 && /^(FORMAT|VALUES|SELECT|WITH)$/.test(word),
  );
}

function throughFile(
  tokens: readonly Token[],
  words: readonly string[],
  clause: number,
  body: string,
): readonly Edit[] {
  const settings = words.findIndex(
    (word, at) => word === 'SETTINGS' && at > 2 && at < clause && tokens[at]?.depth === 0,
  );
  const before = tokens[settings === -1 ? clause : settings] as Token;
  const { start, end } = tokens[clause] as Token;
  const from = { start: before.start, end: before.start, text: `FROM INFILE '${body}' COMPRESSION 'zstd' ` };
  return words[clause] === 'VALUES' ? [from, { start, end, text: 'FORMAT Values' }] : [from];
}

function throughInput(tokens: readonly Token[], input: number, formatAt: number, body: string): readonly Edit[] {
  const { start, depth } = tokens[input] as Token;
  const close = tokens.findIndex(({ text, depth: its }, at) => at > input && text === ')' && its === depth) - 1;
  const structure = tokens[close]?.text ?? "'auto'";
  const [format, name] = [tokens[formatAt] as Token, tokens[formatAt + 1] as Token];
  return [
    { start, end: (tokens[close + 1] as Token).end, text: `file('${body}', '${name.text}', ${structure}, 'zstd')` },
    { start: format.start, end: name.end, text: '' },
  ];
}

function announce(tokens: readonly Token[], words: readonly string[], version: string): readonly Edit[] {
  return tokens.flatMap(({ start }, at) => {
    const called = words[at] === 'VERSION' && tokens[at + 1]?.text === '(' && tokens[at + 2]?.text === ')';
    return called ? [{ start, end: (tokens[at + 2] as Token).end, text: `'${version}'` }] : [];
  });
}

/** `system.processes` and KILL QUERY, in terms of the clients' query_ids. */
function asked(tokens: readonly Token[], words: readonly string[]): readonly Edit[] {
  if (words[0] === 'KILL' && words[1] === 'QUERY') {
    return tokens.flatMap(({ start, end }, at) => (words[at] === 'QUERY_ID' ? [{ start, end, text: QUERY_ID }] : []));
  }
  return tokens.flatMap(({ start }, at) => {
    const named = words[at] === 'SYSTEM' && tokens[at + 1]?.text === '.' && words[at + 2] === 'PROCESSES';
    return named ? [{ start, end: (tokens[at + 2] as Token).end, text: PROCESSES }] : [];
  });
}
