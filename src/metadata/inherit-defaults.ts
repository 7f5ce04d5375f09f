import { csvSourceSchema } from './csv-source-schema.ts';
import { type DocumentNode, type Member, memberOf } from './document-node.ts';
import { jsonlSourceSchema } from './jsonl-source-schema.ts';
import { mergeNodes } from './merge-nodes.ts';
import { parquetSourceSchema } from './parquet-source-schema.ts';
import { mysqlSourceSchema, postgresSourceSchema } from './table-source-schema.ts';

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

/** What of the defaults means something in a dataset. */
function applicable(defaults: DocumentNode, dataset: DocumentNode): DocumentNode {
  return withSourceKeys(withoutRejects(defaults, dataset), dataset);
}

const SOURCE_KEYS: Readonly<Record<string, object>> = {
  csv: csvSourceSchema.shape,
  jsonl: jsonlSourceSchema.shape,
  parquet: parquetSourceSchema.shape,
  postgresql: postgresSourceSchema.shape,
  mysql: mysqlSourceSchema.shape,
};

/** A source inherits the keys that one of its type has. */
function withSourceKeys(defaults: DocumentNode, dataset: DocumentNode): DocumentNode {
  const source = memberOf(defaults, 'source');
  if (defaults.kind !== 'object' || source?.kind !== 'object') return defaults;
  const type = memberOf(memberOf(dataset, 'source'), 'type') ?? memberOf(source, 'type');
  const name = type?.kind === 'scalar' ? String(type.value) : '';
  const known = Object.hasOwn(SOURCE_KEYS, name) ? SOURCE_KEYS[name] : undefined;
  const others = Object.values(SOURCE_KEYS).filter((keys) => keys !== known);
  if (known === undefined) return defaults;
  const kept = [...source.members].filter(
    ([key]) => Object.hasOwn(known, key) || !others.some((keys) => Object.hasOwn(keys, key)),
  );
  const members = new Map(defaults.members);
  const member = members.get('source') as Member;
  members.set('source', { key: member.key, node: { ...source, members: new Map(kept) } });
  return { ...defaults, members };
}

/** A dataset that says `on_error: fail` itself inherits neither `max_rejects` nor `rejects`: they mean nothing there. */
function withoutRejects(defaults: DocumentNode, dataset: DocumentNode): DocumentNode {
  const own = memberOf(dataset, 'on_error');
  if (defaults.kind !== 'object' || own?.kind !== 'scalar' || own.value !== 'fail') return defaults;
  const members = new Map(defaults.members);
  members.delete('max_rejects');
  members.delete('rejects');
  return { ...defaults, members };
}
