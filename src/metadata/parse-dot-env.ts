import type { Problem } from '../errors.ts';

const LINE =
  /^[^\S\r\n]*(?:export[^\S\r\n]+)?([A-Za-z_][A-Za-z0-9_]*)[^\S\r\n]*=[^\S\r\n]*("(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\r\n"'][^\r\n]*|)[^\S\r\n]*(?:#[^\r\n]*)?(?=\r?\n|\r|$)/y;
const SKIP = /(?:[^\S\r\n]*(?:#[^\r\n]*)?(?:\r?\n|\r))*/y;
const BLANK_END = /^[^\S\r\n]*(?:#[^\r\n]*)?$/;

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
  while (at < text.length) {
    SKIP.lastIndex = at;
    at += SKIP.exec(text)?.[0].length ?? 0;
    if (at >= text.length || BLANK_END.test(text.slice(at, endOfLine(text, at)))) {
      at = endOfLine(text, at) + 1;
      continue;
    }
    LINE.lastIndex = at;
    const match = LINE.exec(text);
    if (match === null) {
      problems.push({
        code: 'ATLAS_META_SYNTAX',
        message: 'this line is not NAME=value',
        place: { file, line: text.slice(0, at).split(/\r\n|\r|\n/).length, column: 1 },
        hint: 'Write NAME=value; quote values that hold quotes or span lines.',
      });
      at = endOfLine(text, at) + 1;
      continue;
    }
    variables.set(match[1] ?? '', unquote(match[2] ?? ''));
    at += match[0].length;
  }
  return { variables: Object.fromEntries(variables), problems };
}

function unquote(value: string): string {
  if (value.startsWith("'")) return value.slice(1, -1);
  if (!value.startsWith('"')) return value.replace(/\s+#.*$/, '').trimEnd();
  const known: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
  return value.slice(1, -1).replace(/\\([\s\S])/g, (whole, letter: string) => known[letter] ?? whole);
}

function endOfLine(text: string, from: number): number {
  const end = text.slice(from).search(/[\r\n]/);
  return end < 0 ? text.length : from + end;
}
