import type { Problem } from '../errors.ts';
import { type DocumentNode, type Member, memberOf, type ObjectNode, placeOf } from './document-node.ts';
import { mergeNodes } from './merge-nodes.ts';

/**
 * Lays shared connections (lowest first) under the document's own. A connection of the same name and type is merged key by
 * key; one of another type replaces what is below it.
 */
export function layConnections(root: DocumentNode, layers: readonly DocumentNode[], problems: Problem[]): DocumentNode {
  if (root.kind !== 'object' || layers.length === 0) return root;
  const objects: ObjectNode[] = [];
  for (const layer of layers) {
    if (layer.kind === 'object') objects.push(withoutSchema(layer));
    else {
      problems.push({
        code: 'ATLAS_META_INVALID',
        message: 'connections are an object, this is not',
        place: placeOf(layer.spot),
        hint: 'Write { "name": { "type": … } }.',
      });
    }
  }
  const own = root.members.get('connections');
  if (own !== undefined && own.node.kind !== 'object') return root;
  if (own !== undefined && own.node.kind === 'object') objects.push(own.node);
  if (objects.length === 0) return root;
  const merged = objects.reduce(layOver);
  const members = new Map(root.members);
  members.set('connections', { key: own?.key ?? root.spot, node: merged });
  return { ...root, members };
}

function withoutSchema(layer: ObjectNode): ObjectNode {
  const members = new Map(layer.members);
  members.delete('$schema');
  return { ...layer, members };
}

function layOver(base: ObjectNode, over: ObjectNode): ObjectNode {
  const members = new Map<string, Member>(base.members);
  for (const [name, member] of over.members) {
    const below = base.members.get(name);
    const node =
      below !== undefined && sameType(below.node, member.node) ? mergeNodes(below.node, member.node) : member.node;
    members.set(name, { key: member.key, node });
  }
  return { ...over, members };
}

function sameType(below: DocumentNode, above: DocumentNode): boolean {
  const [lower, upper] = [memberOf(below, 'type'), memberOf(above, 'type')];
  return upper === null || (lower?.kind === 'scalar' && upper.kind === 'scalar' && lower.value === upper.value);
}
