import { type DocumentNode, type Member, memberOf } from './document-node.ts';
import { mergeNodes } from './merge-nodes.ts';

/** Lays every dataset over the group's `defaults`, which stay in the document to be validated for themselves. */
export function inheritDefaults(root: DocumentNode): DocumentNode {
  const defaults = memberOf(root, 'defaults');
  if (root.kind !== 'object' || defaults === null) return root;
  const members = new Map<string, Member>();
  for (const [key, member] of root.members) {
    if (key !== 'dataset_config' || member.node.kind !== 'array') {
      members.set(key, member);
      continue;
    }
    const items = member.node.items.map((dataset) =>
      dataset.kind === 'object' ? mergeNodes(applicable(defaults, dataset), dataset) : dataset,
    );
    members.set(key, { key: member.key, node: { ...member.node, items } });
  }
  return { ...root, members };
}

/** A dataset that says `on_error: fail` itself inherits neither `max_rejects` nor `rejects`: they mean nothing there. */
function applicable(defaults: DocumentNode, dataset: DocumentNode): DocumentNode {
  const own = memberOf(dataset, 'on_error');
  if (defaults.kind !== 'object' || own?.kind !== 'scalar' || own.value !== 'fail') return defaults;
  const members = new Map(defaults.members);
  members.delete('max_rejects');
  members.delete('rejects');
  return { ...defaults, members };
}
