import type { Problem } from '../errors.ts';

const ASSIGNMENT =
  /[^\S\r\n]*(?:export[^\S\r\n]+)?([A-Za-z_][A-Za-z0-9_]*)[^\S\r\n]*=[^\S\r\n]*("(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\r\n"'][^\r\n]*|)[^\S\r\n]*(?:#[^\r\n]*)?(?=[\r\n]|$)/y;
const NOTHING = /[^\S\r\n]*(?:#[^\r\n]*)?(?=[\r\n]|$)/y;
const ANYTHING = /[^\r\n]*/y;
const LINE_END = /\r\n|\r|\n/y;

export interface DotEnv {
  readonly variables: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

/**
 * Parses a `.env`: `NAME=value` lines, `export` in front allowed, `#` comments on their own or after a blank, values in single
 * quotes as they are, in double quotes with `\n`, `\r`, `\t`, `\"` and `\\`; quoted values may go over several lines. Total; no
 * value is ever part of a problem.
 */
export function parseDotEnv(text: string, file: string): DotEnv {
  const variables = new Map<string, string>();
  const problems: Problem[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return null;
    at += match[0].length;
    line += match[0].match(/\r\n|\r|\n/g)?.length ?? 0;
    return match;
  };
  while (at < text.length) {
    const place = { file, line, column: 1 };
    const assignment = take(NOTHING) === null ? take(ASSIGNMENT) : null;
    if (assignment !== null) variables.set(assignment[1] ?? '', unquote(assignment[2] ?? ''));
    if (take(LINE_END) !== null || at >= text.length) continue;
    take(ANYTHING);
    problems.push({
      code: 'ATLAS_META_SYNTAX',
      message: 'this line is not NAME=value',
      place,
      hint: 'Write NAME=value; quote values that hold quotes or span lines.',
    });
    take(LINE_END);
  }
  return { variables: Object.fromEntries(variables), problems };
}

function unquote(value: string): string {
  if (value.startsWith("'")) return value.slice(1, -1);
  if (!value.startsWith('"')) return value.replace(/\s+#.*$/, '').trimEnd();
  const known: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
  return value.slice(1, -1).replace(/\\([\s\S])/g, (whole, letter: string) => known[letter] ?? whole);
}
