/** What `${NAME}` and `${file:/path}` may refer to. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Contents of files by the path as written, or why one could not be read. */
  readonly files: ReadonlyMap<string, FileContent>;
}

export type FileContent = { readonly text: string } | { readonly problem: string };

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly fallback: string | null }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'malformed'; readonly text: string };

const TOKEN = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;

/** Splits a text into literal pieces and references; `$${` is a literal `${`. Total. */
export function splitReferences(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    pieces.push(match[0] === '$${' ? { kind: 'text', text: '${' } : readReference(match));
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
  return pieces;
}

function readReference(match: RegExpMatchArray): Piece {
  const [whole, inside = '', close] = match;
  const malformed: Piece = { kind: 'malformed', text: whole };
  if (close !== '}' || inside.includes('${')) return malformed;
  if (inside.startsWith('file:')) return inside.length > 5 ? { kind: 'file', path: inside.slice(5) } : malformed;
  const name = NAME.exec(inside);
  return name === null ? malformed : { kind: 'variable', name: name[1] ?? '', fallback: name[2] ?? null };
}

/** The paths of all `${file:…}` in a text. */
export function filesReferred(text: string): readonly string[] {
  return splitReferences(text).flatMap((piece) => (piece.kind === 'file' ? [piece.path] : []));
}

export interface Interpolated {
  readonly text: string;
  /** Names and paths that could not be filled in, as messages. */
  readonly problems: readonly { readonly message: string; readonly missing: string | null }[];
}

/**
 * Fills in the references of one string, once: what is filled in is not looked at again. `${NAME:-default}` stands for the
 * default where NAME is unset or empty; of a file one trailing line end is dropped.
 */
export function interpolate(text: string, environment: Environment): Interpolated {
  const problems: { message: string; missing: string | null }[] = [];
  const parts = splitReferences(text).map((piece) => {
    const found = lookUp(piece, environment);
    if (typeof found === 'string') return found;
    problems.push(found);
    return '';
  });
  return { text: parts.join(''), problems };
}

function lookUp(piece: Piece, environment: Environment): string | { message: string; missing: string | null } {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'malformed') {
    const found = piece.text.slice(0, 40);
    return { message: `${found} is neither \${NAME}, \${NAME:-default} nor \${file:/path}`, missing: null };
  }
  if (piece.kind === 'file') {
    const content = environment.files.get(piece.path) ?? { problem: 'was not read' };
    if ('text' in content) return content.text.replace(/\r?\n$/, '');
    return { message: `\${file:${piece.path}}: ${content.problem}`, missing: null };
  }
  const { variables } = environment;
  const value = Object.hasOwn(variables, piece.name) ? variables[piece.name] : undefined;
  if (piece.fallback !== null) return value === undefined || value === '' ? piece.fallback : value;
  return value ?? { message: `\${${piece.name}} is not set`, missing: piece.name };
}
