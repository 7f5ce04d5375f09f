/** A token of TypeScript, as far as imports and exports need it: comments are gone, strings keep their content. */
export interface Token {
  readonly kind: 'word' | 'string' | 'template' | 'regex' | 'number' | 'punct';
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

const WORD = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /\d[\w.]*/y;
/** After these words a slash starts a regular expression, not a division. */
const BEFORE_REGEX = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do']);

/** Splits TypeScript into tokens (ECMA-262 §12, less what imports cannot depend on). */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  /** Depth of braces at which each open template goes on. */
  const templates: number[] = [];
  let depth = 0;
  let line = 1;
  let at = 0;
  const push = (kind: Token['kind'], text: string): void => {
    tokens.push({ kind, text, line });
  };
  const skipTo = (end: number): void => {
    for (; at < end; at++) if (source[at] === '\n') line++;
  };
  const template = (): void => {
    let end = at;
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end)) {
      end += source[end] === '\\' ? 2 : 1;
    }
    push('template', source.slice(at, end));
    const open = source[end] === '$';
    skipTo(Math.min(source.length, end + (open ? 2 : 1)));
    if (open) templates.push(depth++);
  };
  while (at < source.length) {
    const char = source[at] as string;
    if (/\s/.test(char)) skipTo(at + 1);
    else if (source.startsWith('//', at) || (at === 0 && source.startsWith('#!'))) {
      const end = source.indexOf('\n', at);
      skipTo(end < 0 ? source.length : end);
    } else if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2);
      skipTo(end < 0 ? source.length : end + 2);
    } else if (char === "'" || char === '"') {
      let end = at + 1;
      while (end < source.length && source[end] !== char && source[end] !== '\n') end += source[end] === '\\' ? 2 : 1;
      push('string', source.slice(at + 1, end));
      skipTo(Math.min(source.length, end + 1));
    } else if (char === '`') {
      at++;
      template();
    } else if (char === '}' && templates.at(-1) === depth - 1) {
      depth = templates.pop() as number;
      at++;
      template();
    } else if (char === '/' && startsRegex(tokens.at(-1))) {
      const end = regexEnd(source, at);
      push('regex', source.slice(at, end));
      skipTo(end);
    } else {
      WORD.lastIndex = at;
      NUMBER.lastIndex = at;
      const word = WORD.exec(source) ?? NUMBER.exec(source);
      if (char === '{') depth++;
      if (char === '}') depth--;
      push(word ? (/^\d/.test(word[0]) ? 'number' : 'word') : 'punct', word ? word[0] : char);
      skipTo(at + (word ? word[0].length : 1));
    }
  }
  return tokens;
}

function startsRegex(before: Token | undefined): boolean {
  if (!before) return true;
  if (before.kind === 'word') return BEFORE_REGEX.has(before.text);
  return before.kind === 'punct' && !/[)\]}]/.test(before.text);
}

function regexEnd(source: string, from: number): number {
  let inClass = false;
  let at = from + 1;
  for (; at < source.length && source[at] !== '\n'; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) break;
  }
  at++;
  while (/[a-z]/.test(source[at] ?? '')) at++;
  return at;
}
