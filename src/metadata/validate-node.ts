import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { describeIssue } from './describe-issue.ts';
import { type DocumentNode, type Member, plainValue, type Spot } from './document-node.ts';

export interface Validated<T> {
  /** The value, with what was wrong left out; null where nothing is left. */
  readonly value: T | null;
  /** The document it was made from: `node` without the parts that were wrong. */
  readonly node: DocumentNode;
  /** Where objects and lists stand that lost a part. */
  readonly cut: ReadonlySet<Spot>;
  readonly problems: readonly Problem[];
}

/** More rounds than any document that a person wrote needs. */
const ROUNDS = 64;

/**
 * Validates a document and says everything that is wrong with it. So that later checks can go on, the wrong parts are then
 * cut out (a wrong value, an unknown key, an object or item that lacks what it needs) and the rest is validated again.
 */
export function validateNode<S extends z.ZodType>(schema: S, node: DocumentNode): Validated<z.output<S>> {
  const problems: Problem[] = [];
  const cut = new Set<Spot>();
  let rest = node;
  for (let round = 0; round < ROUNDS; round += 1) {
    const known = new Map<string, readonly string[]>();
    const result = schema.safeParse(plainValue(rest), {
      error: (issue) => {
        const shape = (issue.inst as { _zod: { def: { shape?: object } } } | undefined)?._zod.def.shape;
        if (shape !== undefined) known.set(JSON.stringify(issue.path ?? []), Object.keys(shape));
        return undefined;
      },
    });
    if (result.success) return { value: result.data, node: rest, cut, problems };
    const cuts: (readonly PropertyKey[])[] = [];
    for (const issue of withoutEchoes(result.error.issues)) {
      if (round === 0) {
        problems.push(...describeIssue(issue, rest, (path) => known.get(JSON.stringify(path)) ?? []));
      }
      if (issue.code === 'unrecognized_keys') cuts.push(...issue.keys.map((key) => [...issue.path, key]));
      else cuts.push(issue.path);
    }
    const pruned = prune(rest, cuts, cut);
    if (pruned === null) break;
    rest = pruned;
  }
  return { value: null, node: rest, cut, problems };
}

/** An integer beyond 2^53 breaks two bounds at once; the one that the key itself has is enough. */
function withoutEchoes(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const bounds = new Set<string>();
  const isOwn = (issue: z.core.$ZodIssue) =>
    issue.code === 'too_big' && Number(issue.maximum) < Number.MAX_SAFE_INTEGER;
  for (const issue of issues) if (isOwn(issue)) bounds.add(JSON.stringify(issue.path));
  return issues.filter((issue) => issue.code !== 'too_big' || isOwn(issue) || !bounds.has(JSON.stringify(issue.path)));
}

/** Cuts out the parts at the paths; where a path leads to nothing (a missing key), the object that lacks it. Null = nothing is left. */
function prune(root: DocumentNode, paths: readonly (readonly PropertyKey[])[], cut: Set<Spot>): DocumentNode | null {
  const doomed = new Set<DocumentNode>();
  for (const path of paths) {
    let node: DocumentNode = root;
    for (const step of path) {
      const next: DocumentNode | undefined =
        node.kind === 'object'
          ? node.members.get(String(step))?.node
          : node.kind === 'array'
            ? node.items[Number(step)]
            : undefined;
      if (next === undefined) break;
      node = next;
    }
    doomed.add(node);
  }
  const keep = (node: DocumentNode): DocumentNode | null => {
    if (doomed.has(node)) return null;
    if (node.kind === 'scalar') return node;
    if (node.kind === 'array') {
      const items = node.items.map(keep).filter((item) => item !== null);
      if (items.length < node.items.length) cut.add(node.spot);
      return { ...node, items };
    }
    const members = new Map<string, Member>();
    for (const [key, member] of node.members) {
      const kept = keep(member.node);
      if (kept !== null) members.set(key, { key: member.key, node: kept });
    }
    if (members.size < node.members.size) cut.add(node.spot);
    return { ...node, members };
  };
  return keep(root);
}
