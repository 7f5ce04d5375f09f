import type { Place } from '../errors.ts';

/** A text that was read, and where its lines begin. */
export interface DocumentText {
  readonly file: string;
  /** Offsets (UTF-16 units) of the first character of each line. */
  readonly lineStarts: readonly number[];
}

/** Where a node stands: which document, how far in, and its JSON path there. */
export interface Spot {
  readonly document: DocumentText;
  readonly offset: number;
  readonly path: string;
}

export interface ObjectNode {
  readonly kind: 'object';
  readonly spot: Spot;
  readonly members: ReadonlyMap<string, Member>;
}

export interface Member {
  /** Where the key stands. */
  readonly key: Spot;
  readonly node: DocumentNode;
}

export interface ArrayNode {
  readonly kind: 'array';
  readonly spot: Spot;
  readonly items: readonly DocumentNode[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly spot: Spot;
  readonly value: string | number | boolean | null;
  /** The text as it stands in the document, where interpolation changed it; else null. */
  readonly written: string | null;
}

/** A JSON value that remembers where it came from, through interpolation and merging. */
export type DocumentNode = ObjectNode | ArrayNode | ScalarNode;

/** Line and column (both 1-based; columns in UTF-16 units, as editors count) of a spot. */
export function placeOf(spot: Spot): Place {
  const starts = spot.document.lineStarts;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= spot.offset) low = middle;
    else high = middle - 1;
  }
  const place = { file: spot.document.file, line: low + 1, column: spot.offset - (starts[low] ?? 0) + 1 };
  return spot.path === '' ? place : { ...place, path: spot.path };
}

/** The member of an object node, or null where the node is no object or has no such key. */
export function memberOf(node: DocumentNode | null, key: string): DocumentNode | null {
  return node?.kind === 'object' ? (node.members.get(key)?.node ?? null) : null;
}

/** The items of a list node; none where the node is no list. */
export function itemsOf(node: DocumentNode | null): readonly DocumentNode[] {
  return node?.kind === 'array' ? node.items : [];
}

/** The node at a path; where the path leaves the document, the deepest node on the way. */
export function nodeAt(root: DocumentNode, path: readonly PropertyKey[]): DocumentNode {
  let node = root;
  for (const step of path) {
    const next =
      node.kind === 'object'
        ? node.members.get(String(step))?.node
        : node.kind === 'array'
          ? node.items[Number(step)]
          : undefined;
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** The place of the node at a written path (`dataset_config[0].source.path`), or of the deepest one on the way. */
export function locate(root: DocumentNode, path: string): Place {
  const steps = [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((match) => match[1] ?? match[0]);
  return placeOf(nodeAt(root, steps).spot);
}

/** The plain value of a node. Objects have only own keys; `__proto__` never is one (the reader refuses it). */
export function plainValue(node: DocumentNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'array':
      return node.items.map(plainValue);
    case 'object':
      return Object.fromEntries([...node.members].map(([key, member]) => [key, plainValue(member.node)]));
  }
}

/** The path of a member or an item below a path (`source.features[2]`, `connections["odd name"]`). */
export function joinPath(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${path}[${JSON.stringify(step)}]`;
  return path === '' ? step : `${path}.${step}`;
}
