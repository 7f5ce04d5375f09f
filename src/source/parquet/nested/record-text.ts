import type { Leaf, SchemaNode } from '../schema/schema-node.ts';
import type { LeafCursor } from './leaf-cursor.ts';

/**
 * The JSON text of the record that the cursors stand on (Dremel's assembly, by levels): structs as objects, lists as arrays, maps as
 * objects where their keys are texts, else as arrays of key and value. Throws NoJson, or a plain Error where levels contradict each other.
 */
export function recordText(column: SchemaNode, cursors: readonly LeafCursor[]): string {
  const byLeaf = new Map<Leaf, LeafCursor>(cursors.map((cursor) => [cursor.leaf, cursor]));

  function under(node: SchemaNode): readonly LeafCursor[] {
    if (node.leaf !== null) return [byLeaf.get(node.leaf) as LeafCursor];
    return node.children.flatMap(under);
  }

  function first(node: SchemaNode): LeafCursor {
    let at = node;
    while (at.leaf === null) {
      const [child] = at.children;
      if (child === undefined) throw new Error(`${at.name} has no columns`);
      at = child;
    }
    return byLeaf.get(at.leaf) as LeafCursor;
  }

  /** A child, or what stands for it where it is not there. */
  function member(node: SchemaNode): string {
    if (node.repetition === 'REPEATED') return `[${items(node, present).join(',')}]`;
    if (node.repetition === 'OPTIONAL' && first(node).definition < node.definition) {
      for (const cursor of under(node)) cursor.skip();
      return 'null';
    }
    return present(node);
  }

  function present(node: SchemaNode): string {
    if (node.leaf !== null) return (byLeaf.get(node.leaf) as LeafCursor).take();
    const [inner] = node.children;
    if (node.annotation === 'list' && inner?.repetition === 'REPEATED') {
      const element = elementOf(node, inner);
      return `[${items(inner, element === inner ? present : () => member(element)).join(',')}]`;
    }
    if (node.annotation === 'map' && inner?.repetition === 'REPEATED' && inner.children.length === 2) return map(inner);
    return struct(node);
  }

  function struct(node: SchemaNode): string {
    return `{${node.children.map((child) => `${JSON.stringify(child.name)}:${member(child)}`).join(',')}}`;
  }

  function map(entry: SchemaNode): string {
    const [key, value] = entry.children as [SchemaNode, SchemaNode];
    const texts = key.leaf?.kind.kind === 'string' && key.repetition === 'REQUIRED';
    const seen = new Set<string>();
    const pairs = items(entry, () => [member(key), member(value)] as const);
    for (const [name] of pairs) seen.add(name);
    // a key that stands twice would be lost to most readers of an object
    if (texts && seen.size === pairs.length) return `{${pairs.map(([name, held]) => `${name}:${held}`).join(',')}}`;
    return `[${pairs.map(([name, held]) => `{"key":${name},"value":${held}}`).join(',')}]`;
  }

  function items<T>(node: SchemaNode, item: (node: SchemaNode) => T): T[] {
    const leader = first(node);
    if (leader.definition < node.definition) {
      for (const cursor of under(node)) cursor.skip();
      return [];
    }
    const found: T[] = [];
    do {
      found.push(item(node));
      if (leader.repetition > node.repeats) throw new Error(`${node.name} repeats deeper than it is nested`);
    } while (leader.repetition === node.repeats);
    return found;
  }

  return member(column);
}

/** What a list holds: old writers leave out the group around it (LogicalTypes.md, "Lists", backward compatibility). */
function elementOf(list: SchemaNode, repeated: SchemaNode): SchemaNode {
  const [only, ...others] = repeated.children;
  if (only === undefined || others.length > 0) return repeated;
  if (repeated.name === 'array' || repeated.name === `${list.name}_tuple`) return repeated;
  return only;
}
