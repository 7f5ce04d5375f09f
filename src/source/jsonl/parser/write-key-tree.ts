import {
  CTX_JSON_ROOT,
  NO_SLOT,
  NODE_BELOW,
  NODE_BELOW_END,
  NODE_INDEX,
  NODE_KEY,
  NODE_KEY_LENGTH,
  NODE_MASK,
  NODE_RAW,
  NODE_SIZE,
  NODE_TABLE,
  NODE_TAKEN,
  NODE_TEXT,
} from '../../../kernel/assembly/json-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { KeyNode, KeyTree } from './key-tree.ts';

/** Where a tree goes: addresses, and keys that nobody asked for at most. */
export interface TreePlace {
  readonly context: number;
  readonly tree: number;
  readonly mostLearned: number;
}

/** Bytes that `writeKeyTree` needs, with room at the root for so many keys that nobody asked for. */
export function keyTreeBytes(tree: KeyTree, mostLearned: number): number {
  return tree.nodes.reduce(
    (sum, node) => sum + NODE_SIZE + tableEntries(tree, node, mostLearned) * 4 + keyBytes(node) + 16,
    64,
  );
}

/** Writes the nodes of a tree, and tells the context where its root is. */
export function writeKeyTree(
  { view, bytes, exports }: Kernel,
  { context, tree: at, mostLearned }: TreePlace,
  tree: KeyTree,
): void {
  const nodeAt = new Map(tree.nodes.map((node, index) => [node, at + index * NODE_SIZE]));
  let next = at + tree.nodes.length * NODE_SIZE;
  bytes.fill(0, at, at + keyTreeBytes(tree, mostLearned));
  const take = (size: number): number => {
    const address = next;
    next += (size + 15) & ~15;
    return address;
  };
  for (const [index, node] of tree.nodes.entries()) {
    const address = at + index * NODE_SIZE;
    const entries = tableEntries(tree, node, mostLearned);
    const key = Buffer.from(node.path.at(-1) ?? '');
    const keyAt = take(key.length);
    bytes.set(key, keyAt);
    const slots: readonly (readonly [number, number])[] = [
      [NODE_TEXT, node.text ?? NO_SLOT],
      [NODE_RAW, node.raw ?? NO_SLOT],
      [NODE_BELOW, node.below[0]],
      [NODE_BELOW_END, node.below[1]],
      [NODE_TABLE, entries === 0 ? 0 : take(entries * 4)],
      [NODE_MASK, Math.max(0, entries - 1)],
      [NODE_KEY, keyAt],
      [NODE_KEY_LENGTH, key.length],
      [NODE_INDEX, index],
      [NODE_TAKEN, 1],
    ];
    for (const [slot, value] of slots) view.setUint32(address + slot, value, true);
  }
  for (const [node, address] of nodeAt) {
    for (const child of node.children.values()) exports.jsonAddChild(address, nodeAt.get(child) ?? 0);
  }
  view.setUint32(context + CTX_JSON_ROOT, at, true);
}

/** A power of two, half of it free; the root has room for keys that nobody asked for. */
function tableEntries({ root }: KeyTree, node: KeyNode, mostLearned: number): number {
  const children = node.children.size + (node === root ? mostLearned : 0);
  return children === 0 ? 0 : 2 ** Math.ceil(Math.log2(2 * children + 1));
}

function keyBytes({ path }: KeyNode): number {
  return Buffer.byteLength(path.at(-1) ?? '');
}
