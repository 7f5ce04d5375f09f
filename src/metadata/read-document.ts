import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Problem } from '../errors.ts';
import { type DocumentNode, type DocumentText, joinPath, type Member, placeOf, type Spot } from './document-node.ts';

/** Deeper nesting than this is refused: no document needs it, and parsers are recursive. */
const DEEPEST = 64;

/** Token kinds of jsonc-parser's scanner. */
const OPEN_BRACE = 1;
const CLOSE_BRACE = 2;
const OPEN_BRACKET = 3;
const CLOSE_BRACKET = 4;
const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const END = 17;

export interface ReadDocument {
  readonly node: DocumentNode | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Reads JSON (RFC 8259) with comments, which only files named `.jsonc` should have, and trailing commas, which only they may have;
 * keeps offsets.
 * Total: whatever the text, it answers every syntax error and every duplicate key; `node` is null where the syntax is broken.
 */
export function readDocument(raw: string, file: string): ReadDocument {
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
  const document: DocumentText = { file, lineStarts: lineStartsOf(text) };
  const spot = (offset: number, path = ''): Spot => ({ document, offset, path });
  const tooDeep = offsetTooDeep(text);
  if (tooDeep !== null) {
    const message = `the nesting is deeper than ${DEEPEST} levels`;
    return { node: null, problems: [syntaxProblem(spot(tooDeep), message)], warnings: [] };
  }
  const named = file.endsWith('.jsonc');
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: false, allowTrailingComma: named });
  if (errors.length > 0 || tree === undefined) {
    const first = errors.filter((error, index) => errors.findIndex((each) => each.offset === error.offset) === index);
    const problems = first.map((error) => syntaxProblem(spot(error.offset), sayError(error, text)));
    return { node: null, problems, warnings: [] };
  }
  const problems: Problem[] = [];
  const comment = named ? null : firstComment(text);
  const warnings = comment === null ? [] : [commentWarning(spot(comment), file)];
  return { node: convert(tree, '', spot, problems), problems, warnings };
}

function commentWarning(spot: Spot, file: string): Problem {
  return {
    code: 'ATLAS_META_SYNTAX',
    message: 'a comment stands in a .json file, where other programs do not expect one',
    place: placeOf(spot),
    hint: `Rename it to ${file.replace(/^.*[/\\]/, '')}c.`,
  };
}

function convert(
  tree: Node,
  path: string,
  spot: (offset: number, path?: string) => Spot,
  problems: Problem[],
): DocumentNode {
  const here = spot(tree.offset, path);
  if (tree.type === 'array') {
    const items = (tree.children ?? []).map((child, index) => convert(child, joinPath(path, index), spot, problems));
    return { kind: 'array', spot: here, items };
  }
  if (tree.type !== 'object') {
    return { kind: 'scalar', spot: here, value: tree.value as string | number | boolean | null, written: null };
  }
  const members = new Map<string, Member>();
  for (const property of tree.children ?? []) {
    const [name, value] = property.children ?? [];
    if (name === undefined || value === undefined) continue;
    const key = String(name.value);
    const keySpot = spot(name.offset, joinPath(path, key));
    const earlier = members.get(key);
    if (key === '__proto__') {
      problems.push(invalidKey(keySpot, '"__proto__" cannot be a key', 'Remove it.'));
    } else if (earlier) {
      const line = placeOf(earlier.key).line;
      const message = `the key ${JSON.stringify(key)} stands here a second time, the first is on line ${line}`;
      problems.push(invalidKey(keySpot, message, 'Keep one of them.'));
    } else {
      members.set(key, { key: keySpot, node: convert(value, keySpot.path, spot, problems) });
    }
  }
  return { kind: 'object', spot: here, members };
}

function invalidKey(spot: Spot, message: string, hint: string): Problem {
  return { code: 'ATLAS_META_INVALID', message, place: placeOf(spot), hint };
}

function syntaxProblem(spot: Spot, message: string): Problem {
  return {
    code: 'ATLAS_META_SYNTAX',
    message,
    place: placeOf(spot),
    hint: 'Mend the JSON at the line and column named.',
  };
}

function sayError(error: ParseError, text: string): string {
  const code = printParseErrorCode(error.error);
  const found = error.offset >= text.length ? 'the end of the file' : JSON.stringify(text[error.offset]);
  if (
    /[}\]]/.test(text[error.offset] ?? '') &&
    /,\s*$/.test(text.slice(Math.max(0, error.offset - 200), error.offset))
  ) {
    return 'a comma stands before the closing bracket; name the file .jsonc to allow it';
  }
  const words = code.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`).toLowerCase();
  return `not JSON: ${words}, found ${found}`;
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** The offset of the first comment, or null. */
function firstComment(text: string): number | null {
  const scanner = createScanner(text, false);
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    if (token === LINE_COMMENT || token === BLOCK_COMMENT) return scanner.getTokenOffset();
  }
  return null;
}

/** The offset at which brackets nest too deep, found without recursion; null where they do not. */
function offsetTooDeep(text: string): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    if (token === OPEN_BRACE || token === OPEN_BRACKET) depth += 1;
    else if (token === CLOSE_BRACE || token === CLOSE_BRACKET) depth -= 1;
    if (depth > DEEPEST) return scanner.getTokenOffset();
  }
  return null;
}
