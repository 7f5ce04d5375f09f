import { type Token, tokenize } from './tokens.ts';

export interface ImportFact {
  readonly specifier: string;
  readonly line: number;
  readonly reexport: boolean;
}

/** What a module takes in and gives out, type-only and dynamic imports included. */
export interface ModuleFacts {
  readonly imports: readonly ImportFact[];
  /** Exported names; `default` for a default export. */
  readonly exports: readonly string[];
  readonly enums: readonly { readonly name: string; readonly line: number }[];
  readonly classes: readonly { readonly name: string; readonly line: number }[];
}

const DECLARATION = new Set(['const', 'let', 'var', 'function', 'class', 'interface', 'type', 'enum', 'namespace']);
const MODIFIER = new Set(['declare', 'abstract', 'async']);

/** Reads imports, exports, enums and classes off the tokens of a module. */
export function moduleFacts(source: string): ModuleFacts {
  const tokens = tokenize(source);
  const imports: ImportFact[] = [];
  const exports: string[] = [];
  const enums: { name: string; line: number }[] = [];
  const classes: { name: string; line: number }[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'word' || tokens[index - 1]?.text === '.') return;
    const next = tokens[index + 1];
    const found = (specifier: Token | undefined, reexport = false): void => {
      if (specifier?.kind === 'string') imports.push({ specifier: specifier.text, line: token.line, reexport });
    };
    if (token.text === 'import' && next?.kind === 'string') found(next);
    else if ((token.text === 'import' || token.text === 'require') && next?.text === '(') found(tokens[index + 2]);
    else if (token.text === 'import' && next?.text !== '.' && next?.text !== ':') found(fromClause(tokens, index));
    else if (token.text === 'export' && next) {
      const list = next.text === 'type' && /^[{*]$/.test(tokens[index + 2]?.text ?? '') ? index + 2 : index + 1;
      if (/^[{*]$/.test(tokens[list]?.text ?? '')) found(fromClause(tokens, list), true);
      exports.push(...exportedNames(tokens, index + 1));
    } else if (token.text === 'URL' && next?.text === '(' && tokens[index + 4]?.text === 'import') {
      found(tokens[index + 2]);
    } else if (token.text === 'enum' && next?.kind === 'word' && tokens[index + 2]?.text === '{') {
      enums.push({ name: next.text, line: token.line });
    } else if (token.text === 'class' && next?.kind === 'word' && next.text !== 'extends') {
      classes.push({ name: next.text, line: token.line });
    }
  });
  return { imports, exports, enums, classes };
}

/** The string after the `from` of the clause that begins at `index`, if the statement has one. */
function fromClause(tokens: readonly Token[], index: number): Token | undefined {
  for (let at = index; at < tokens.length && tokens[at]?.text !== ';'; at++) {
    if (tokens[at]?.text === 'from' && tokens[at + 1]?.kind === 'string') return tokens[at + 1];
    if (tokens[at]?.text === '}' && tokens[at + 1]?.text !== 'from') return undefined;
  }
  return undefined;
}

function exportedNames(tokens: readonly Token[], start: number): readonly string[] {
  let at = start;
  if (tokens[at]?.text === 'default') return ['default'];
  if (tokens[at]?.text === 'type' && tokens[at + 1]?.text === '{') at++;
  if (tokens[at]?.text === '{') {
    const names: string[] = [];
    for (at++; at < tokens.length && tokens[at]?.text !== '}'; at++) {
      if (tokens[at]?.kind === 'word' && /^[,}]$/.test(tokens[at + 1]?.text ?? ''))
        names.push(tokens[at]?.text as string);
    }
    return names;
  }
  while (MODIFIER.has(tokens[at]?.text ?? '')) at++;
  if (!DECLARATION.has(tokens[at]?.text ?? '')) return [];
  at++;
  while (tokens[at]?.text === '*' || tokens[at]?.text === 'enum') at++;
  return tokens[at]?.kind === 'word' ? [tokens[at]?.text as string] : [];
}
