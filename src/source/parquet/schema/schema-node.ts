import type { SchemaElement } from 'hyparquet';
import { type ColumnKind, columnKind } from './column-kind.ts';

export type Physical =
  | 'BOOLEAN'
  | 'INT32'
  | 'INT64'
  | 'INT96'
  | 'FLOAT'
  | 'DOUBLE'
  | 'BYTE_ARRAY'
  | 'FIXED_LEN_BYTE_ARRAY';

/** A column of values. */
export interface Leaf {
  /** Number among the leaves of the file: that of its chunk in every row group. */
  readonly index: number;
  readonly path: readonly string[];
  readonly physical: Physical;
  /** Bytes of a decoded value: a byte for a boolean, 0 where every value has a length of its own. */
  readonly width: number;
  readonly kind: ColumnKind;
  /** Greatest definition and repetition level. */
  readonly definitions: number;
  readonly repetitions: number;
}

/** One element of the schema, with the levels at which it is there (Nested Encoding of the format). */
export interface SchemaNode {
  readonly name: string;
  readonly repetition: 'REQUIRED' | 'OPTIONAL' | 'REPEATED';
  readonly definition: number;
  readonly repeats: number;
  readonly annotation: 'list' | 'map' | 'variant' | null;
  readonly children: readonly SchemaNode[];
  readonly leaf: Leaf | null;
}

const WIDTHS: Readonly<Record<Physical, number>> = {
  BOOLEAN: 1,
  INT32: 4,
  INT64: 8,
  INT96: 12,
  FLOAT: 4,
  DOUBLE: 8,
  BYTE_ARRAY: 0,
  FIXED_LEN_BYTE_ARRAY: 0,
};

/** Deeper schemas are taken for damage. */
const DEEPEST = 64;

/** The top-level columns of a file's schema, and all leaves in order. Throws a plain Error where the elements are no tree. */
export function schemaNodes(elements: readonly SchemaElement[]): {
  readonly columns: readonly SchemaNode[];
  readonly leaves: readonly Leaf[];
} {
  const leaves: Leaf[] = [];
  let next = 1;
  const children = (count: number, path: readonly string[], definition: number, repeats: number): SchemaNode[] => {
    if (path.length > DEEPEST) throw new Error(`its schema is nested deeper than ${DEEPEST}`);
    return Array.from({ length: count }, () => node(path, definition, repeats));
  };
  const node = (above: readonly string[], definitionAbove: number, repeatsAbove: number): SchemaNode => {
    const element = elements[next];
    next += 1;
    if (element === undefined) throw new Error(`its schema ends after ${elements.length} elements, more are announced`);
    const repetition = element.repetition_type ?? 'REQUIRED';
    const path = [...above, element.name];
    const definition = definitionAbove + (repetition === 'REQUIRED' ? 0 : 1);
    const repeats = repeatsAbove + (repetition === 'REPEATED' ? 1 : 0);
    const shared = { name: element.name, repetition, definition, repeats };
    if (element.type !== undefined) {
      const leaf = leafOf(element, leaves.length, path, definition, repeats);
      leaves.push(leaf);
      return { ...shared, annotation: null, children: [], leaf };
    }
    const below = children(element.num_children ?? 0, path, definition, repeats);
    return { ...shared, annotation: annotationOf(element), children: below, leaf: null };
  };
  const [root] = elements;
  if (root === undefined) throw new Error('it has no schema');
  const columns = children(root.num_children ?? 0, [], 0, 0);
  if (next !== elements.length) throw new Error(`its schema has ${elements.length} elements, its tree ${next}`);
  return { columns, leaves };
}

function leafOf(
  element: SchemaElement,
  index: number,
  path: readonly string[],
  definitions: number,
  repetitions: number,
): Leaf {
  const physical = element.type as Physical;
  const length = element.type_length ?? 0;
  if (physical === 'FIXED_LEN_BYTE_ARRAY' && length < 1)
    throw new Error(`${path.join('.')} has values of ${length} bytes`);
  const width = physical === 'FIXED_LEN_BYTE_ARRAY' ? length : WIDTHS[physical];
  return { index, path, physical, width, kind: columnKind(element), definitions, repetitions };
}

function annotationOf({ logical_type: logical, converted_type: converted }: SchemaElement): SchemaNode['annotation'] {
  if (logical?.type === 'VARIANT') return 'variant';
  if (logical?.type === 'LIST' || converted === 'LIST') return 'list';
  const map = logical?.type === 'MAP' || converted === 'MAP' || converted === 'MAP_KEY_VALUE';
  return map ? 'map' : null;
}

/** Whether a column holds one value a row, or null. */
export function isFlat({ leaf, repetition }: SchemaNode): boolean {
  return leaf !== null && repetition !== 'REPEATED';
}

/** A nested column in words. */
export function describeShape(node: SchemaNode): string {
  if (node.annotation === 'variant') return 'a VARIANT';
  if (node.annotation === 'list') return 'a list';
  if (node.annotation === 'map') return 'a map';
  if (node.leaf !== null) return 'repeated';
  return `a struct of ${node.children.map(({ name }) => name).join(', ')}`;
}
