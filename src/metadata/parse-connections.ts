import type { Problem } from '../errors.ts';
import { checkConnections } from './check-connections.ts';
import { openCheck } from './check-context.ts';
import { type Connection, connectionsSchema } from './connection-schema.ts';
import { type DocumentNode, type Member, memberOf, type ObjectNode, placeOf } from './document-node.ts';
import type { GroupEnvironment } from './group-environment.ts';
import { hideFilledIn, interpolateDocument } from './interpolate-document.ts';
import { layConnections } from './lay-connections.ts';
import { readDocument } from './read-document.ts';
import { validateNode } from './validate-node.ts';

export interface ParsedConnections {
  /** All that are declared, in order, whether wanted or not. */
  readonly names: readonly string[];
  readonly connections: Readonly<Record<string, Connection>>;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Parses shared connections by themselves, without a group. `wanted` null = all of them; what is wrong with others is no problem.
 * Pure and total, like `parseGroup`.
 */
export function parseConnections(environment: GroupEnvironment, wanted: readonly string[] | null): ParsedConnections {
  const layers = environment.connections.map(({ text, file }) => readDocument(text, file));
  const problems = layers.flatMap((layer) => layer.problems);
  const warnings = layers.flatMap((layer) => layer.warnings);
  const nodes = layers.flatMap(({ node }) => (node === null ? [] : [node]));
  const [first] = nodes;
  if (first === undefined) return { names: [], connections: {}, problems, warnings };
  const root: ObjectNode = { kind: 'object', spot: first.spot, members: new Map() };
  const laid = memberOf(layConnections(root, nodes, problems), 'connections');
  if (laid?.kind !== 'object') return { names: [], connections: {}, problems, warnings };
  const members = new Map<string, Member>();
  for (const [name, { key, node }] of laid.members) {
    if (wanted !== null && !wanted.includes(name)) continue;
    const filled = interpolateDocument(node, environment);
    problems.push(...filled.problems);
    members.set(name, { key, node: filled.node });
  }
  const filled: DocumentNode = { ...laid, members };
  const unfilled = new Set(problems.map(({ place }) => JSON.stringify(place)));
  const valid = validateNode(connectionsSchema, filled);
  problems.push(...valid.problems.filter(({ place }) => !unfilled.has(JSON.stringify(place))));
  const isFilled = (node: DocumentNode): boolean => !unfilled.has(JSON.stringify(placeOf(node.spot)));
  checkConnections(openCheck(filled, valid.cut, problems, warnings), isFilled);
  return {
    names: [...laid.members.keys()],
    connections: valid.value ?? {},
    problems: hideFilledIn(filled, problems),
    warnings: hideFilledIn(filled, warnings),
  };
}
