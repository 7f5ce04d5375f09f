import type { Problem } from '../errors.ts';
import { type DocumentNode, type Member, placeOf } from './document-node.ts';
import { type Environment, filesReferred, interpolate } from './interpolate.ts';
import { nearest } from './nearest.ts';

const HINT_OTHER = 'Check the path and who may read it; a literal ${ is written $${.';

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
      const hint = missing === null ? HINT_OTHER : hintForMissing(missing, environment);
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

/** Says what is written instead of what was filled in, wherever a message quotes it: that may be a secret. */
export function hideFilledIn(root: DocumentNode, problems: readonly Problem[]): readonly Problem[] {
  const filled = new Map<string, string>();
  const visit = (node: DocumentNode): void => {
    if (node.kind === 'array') node.items.forEach(visit);
    else if (node.kind === 'object') for (const member of node.members.values()) visit(member.node);
    else if (node.written !== null && node.value !== '') {
      filled.set(JSON.stringify(node.value), `${JSON.stringify(node.written)} (as filled in)`);
    }
  };
  visit(root);
  return problems.map((problem) => {
    let { message } = problem;
    for (const [value, written] of filled) message = message.replaceAll(value, () => written);
    return { ...problem, message };
  });
}
