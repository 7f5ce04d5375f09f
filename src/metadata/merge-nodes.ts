import type { DocumentNode, Member, Spot } from './document-node.ts';

/** Lays `over` on `base`: objects key by key and deep, anything else whole. Every part keeps the place it was written at. */
export function mergeNodes(base: DocumentNode, over: DocumentNode): DocumentNode {
  if (base.kind !== 'object' || over.kind !== 'object') return over;
  const members = new Map<string, Member>();
  for (const [key, member] of base.members) {
    const upper = over.members.get(key);
    members.set(
      key,
      upper === undefined
        ? { key: member.key, node: rehome(member.node, over.spot) }
        : { key: upper.key, node: mergeNodes(member.node, upper.node) },
    );
  }
  for (const [key, member] of over.members) if (!members.has(key)) members.set(key, member);
  return { ...over, members };
}

/** An inherited object stands, as a whole, where it is used: what it lacks is missed there. Its parts stay where they are. */
function rehome(node: DocumentNode, user: Spot): DocumentNode {
  return node.kind === 'object' ? { ...node, spot: user } : node;
}
