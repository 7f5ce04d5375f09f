import type { Problem } from '../errors.ts';
import { type DocumentNode, type Member, placeOf } from './document-node.ts';
import { type Environment, filesReferred, interpolate } from './interpolate.ts';
import { nearest } from './nearest.ts';

export interface InterpolatedDocument {
  readonly node: DocumentNode;
  readonly problems: readonly Problem[];
}

/** Fills in the environment in every string value (never in keys); what has no value becomes a problem and an empty text. */
export function interpolateDocument(root: DocumentNode, environment: Environment): InterpolatedDocument {
  const problems: Problem[] = [];
  const visit = (node: DocumentNode): DocumentNode => {
    if (node.kind === 'array') return { ...node, items: node.items.map(visit) };
    if (node.kind === 'object') {
      const members = new Map<string, Member>();
      for (const [key, member] of node.members) members.set(key, { key: member.key, node: visit(member.node) });
      return { ...node, members };
    }
    if (typeof node.value !== 'string' || !node.value.includes('${')) return node;
    const filled = interpolate(node.value, environment);
    for (const { message, missing } of filled.problems) {
      const hint = missing === null ? 'Write $${ for a literal ${.' : hintForMissing(missing, environment);
      problems.push({ code: 'ATLAS_META_VARIABLE', message, place: placeOf(node.spot), hint });
    }
    return { ...node, value: filled.text, written: node.value };
  };
  return { node: visit(root), problems };
}

function hintForMissing(name: string, environment: Environment): string {
  const near = nearest(name, Object.keys(environment.variables));
  const meant = near === null ? '' : `Did you mean \${${near}}? `;
  return `${meant}Export it, add it to .env beside metadata/, or give it a default: \${${name}:-…}.`;
}

/** The paths of every `${file:…}` in the string values of a document. */
export function filesOfDocument(node: DocumentNode): readonly string[] {
  if (node.kind === 'array') return node.items.flatMap(filesOfDocument);
  if (node.kind === 'object') return [...node.members.values()].flatMap((member) => filesOfDocument(member.node));
  return typeof node.value === 'string' ? filesReferred(node.value) : [];
}
