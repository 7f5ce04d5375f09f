import type { ErrorCode, Problem } from '../errors.ts';
import { type DocumentNode, nodeAt, placeOf, type Spot } from './document-node.ts';

/** Where checks across several keys put what they find. Paths start at the node that the check was given. */
export interface CheckContext {
  /** A problem at a path below the checked node (the deepest part of it that exists). */
  readonly problem: (path: readonly PropertyKey[], message: string, hint: string, code?: ErrorCode) => void;
  readonly warning: (path: readonly PropertyKey[], message: string, hint: string, code?: ErrorCode) => void;
  readonly node: DocumentNode;
  /** Whether nothing was cut out of the list or object at a path: only then can something be said to be missing from it. */
  readonly whole: (path: readonly PropertyKey[]) => boolean;
  /** The same context, for a part of the node. */
  readonly below: (path: readonly PropertyKey[]) => CheckContext;
}

/** A context over `node` that collects into two lists. `cut` says where parts were left out because they were wrong. */
export function openCheck(
  node: DocumentNode,
  cut: ReadonlySet<Spot>,
  problems: Problem[],
  warnings: Problem[],
): CheckContext {
  const add =
    (list: Problem[]): CheckContext['problem'] =>
    (path, message, hint, code = 'ATLAS_META_INVALID') => {
      list.push({ code, message, place: placeOf(nodeAt(node, path).spot), hint });
    };
  return {
    problem: add(problems),
    warning: add(warnings),
    node,
    whole: (path) => !cut.has(nodeAt(node, path).spot),
    below: (path) => openCheck(nodeAt(node, path), cut, problems, warnings),
  };
}
