import type { FeaturePlan } from '../../../flow/dataset-plan.ts';
import { type KeyPath, parseKeyPath } from '../../../metadata/key-path.ts';

/** A key that features take, alone or on the way to others. */
export interface KeyNode {
  /** From the object that a line is; none for that object itself. */
  readonly path: KeyPath;
  readonly children: ReadonlyMap<string, KeyNode>;
  /** Slots that its value goes to, as text and as it stands. */
  readonly text: number | null;
  readonly raw: number | null;
  /** Slots of what is below it: first, and the one after the last. */
  readonly below: readonly [from: number, to: number];
}

/** The keys of a plan. */
export interface KeyTree {
  readonly root: KeyNode;
  /** All nodes; the first is the root. */
  readonly nodes: readonly KeyNode[];
  readonly slots: number;
  /** The slot of each feature; null where it is a constant. */
  readonly slotOf: readonly (number | null)[];
  /** How many features at most may copy the same byte of a line. */
  readonly overlap: number;
}

interface Branch {
  readonly path: KeyPath;
  readonly children: Map<string, Branch>;
  readonly text: number[];
  readonly raw: number[];
}

/** Gathers the paths of all features into one tree. */
export function growKeyTree(features: readonly Pick<FeaturePlan, 'from' | 'type' | 'constant'>[]): KeyTree {
  const trunk: Branch = { path: [], children: new Map(), text: [], raw: [] };
  features.forEach(({ from, type, constant }, index) => {
    if (constant !== null) return;
    const branch = reach(trunk, parseKeyPath(from));
    (type.kind === 'json' ? branch.raw : branch.text).push(index);
  });
  const nodes: KeyNode[] = [];
  const slotOf: (number | null)[] = features.map(() => null);
  let slots = 0;
  let overlap = 1;
  const settle = (branch: Branch, copies: number): KeyNode => {
    const at = nodes.length;
    nodes.push(ROOT);
    const give = (takers: readonly number[]): number | null => {
      if (takers.length === 0) return null;
      for (const index of takers) slotOf[index] = slots;
      slots += 1;
      return slots - 1;
    };
    const [text, raw] = [give(branch.text), give(branch.raw)];
    const here = copies + branch.text.length + branch.raw.length;
    overlap = Math.max(overlap, here);
    const from = slots;
    const children = new Map([...branch.children].map(([key, child]) => [key, settle(child, here)]));
    const node: KeyNode = { path: branch.path, children, text, raw, below: [from, slots] };
    nodes[at] = node;
    return node;
  };
  const root = settle(trunk, 0);
  return { root, nodes, slots, slotOf, overlap };
}

const ROOT: KeyNode = { path: [], children: new Map(), text: null, raw: null, below: [0, 0] };

function reach(trunk: Branch, keys: ReturnType<typeof parseKeyPath>): Branch {
  if ('problem' in keys) throw new TypeError(`an unvalidated path of keys: ${keys.problem}`);
  let branch = trunk;
  for (const key of keys) {
    const next = branch.children.get(key) ?? { path: [...branch.path, key], children: new Map(), text: [], raw: [] };
    branch.children.set(key, next);
    branch = next;
  }
  return branch;
}
