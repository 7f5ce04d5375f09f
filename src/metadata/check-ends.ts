import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { type CheckContext, openCheck } from './check-context.ts';
import { checkDestination } from './check-destination.ts';
import { checkSource } from './check-source.ts';
import { type Dataset, type Destination, destinationSchema, type Source, sourceSchema } from './dataset-schema.ts';
import { type DocumentNode, memberOf, type ObjectNode } from './document-node.ts';
import { nearest } from './nearest.ts';
import { validateNode } from './validate-node.ts';

/** Checks source and destination of a dataset in which nothing is wrong so far. */
export function checkValidEnds({ source, destination }: Dataset, check: CheckContext): void {
  checkSource(source, check.below(['source']));
  checkDestination(destination, check.below(['destination']));
}

/**
 * Checks source and destination of a dataset each by itself, so that what is wrong elsewhere hides nothing. Where the type is
 * missing or misspelt, what stands beside it is still looked at as the type that was meant.
 */
export function checkEnds(dataset: DocumentNode, problems: Problem[], warnings: Problem[]): void {
  const sources = sourceSchema.options.map((option) => option.shape.type.value);
  checkEnd<Source>(memberOf(dataset, 'source'), sources, sourceSchema, checkSource, problems, warnings);
  const ends = destinationSchema.options.map((option) => option.shape.type.value);
  const to = memberOf(dataset, 'destination');
  checkEnd<Destination>(to, ends, destinationSchema, checkDestination, problems, warnings);
}

function checkEnd<T>(
  node: DocumentNode | null,
  types: readonly string[],
  schema: z.ZodType<T>,
  check: (value: T, context: CheckContext) => void,
  problems: Problem[],
  warnings: Problem[],
): void {
  if (node?.kind !== 'object') return;
  const assumed = assumeType(node, types);
  const valid = validateNode(schema, assumed);
  if (assumed !== node) problems.push(...valid.problems);
  if (valid.value !== null) check(valid.value, openCheck(valid.node, valid.cut, problems, warnings));
}

/** What a path is most likely of, where nobody says: the type that its name ends in, else the first. */
function likelyType(node: ObjectNode, types: readonly string[]): string | undefined {
  const path = node.members.get('path')?.node;
  const text = path?.kind === 'scalar' ? String(path.value) : '';
  return types.find((type) => text.endsWith(`.${type}`)) ?? types[0];
}

/** The same node with the type it most likely was meant to have; as it is where that is unknown, or the type is right. */
function assumeType(node: ObjectNode, types: readonly string[]): ObjectNode {
  const written = node.members.get('type');
  const scalar = written?.node.kind === 'scalar' ? written.node.value : null;
  if (typeof scalar === 'string' && types.includes(scalar)) return node;
  const meant = written === undefined ? likelyType(node, types) : nearest(String(scalar), types);
  if (meant === undefined || meant === null) return node;
  const members = new Map(node.members);
  members.set('type', {
    key: written?.key ?? node.spot,
    node: { kind: 'scalar', spot: written?.node.spot ?? node.spot, value: meant, written: null },
  });
  return { ...node, members };
}
