// The tree of keys that features take: finding a key among the children of a node, and noting keys that nobody asked for.
import { sameBytes } from './csv-cell';
import {
  CTX_JSON_LEARNED, CTX_JSON_LEARNED_COUNT, CTX_JSON_LEARNED_END, CTX_JSON_LEARN_MOST, CTX_JSON_UNLEARNED, NODE_KEY, NODE_KEY_LENGTH, NODE_MASK,
  NODE_PATTERN, NODE_PATTERN_MASK, NODE_RAW, NODE_SIZE, NODE_TABLE, NODE_TEXT, NO_SLOT,
} from './json-layout';

// May look 8 bytes beyond the end.
function hashOf(s: usize, n: usize): u32 {
  let a: u64, b: u64 = 0;
  if (n >= 8) { a = load<u64>(s); b = load<u64>(s + n - 8); }
  else a = n == 0 ? 0 : load<u64>(s) & (~(<u64>0) >> (64 - (<u64>n << 3)));
  const h = (a * 0x9e3779b97f4a7c15) ^ ((b + <u64>n) * 0xc2b2ae3d27d4eb4f);
  return <u32>(h >> 32) ^ <u32>h;
}

// The child of a node with the key [s, s + n), or 0.
export function findChild(node: usize, s: usize, n: usize): usize {
  const table = <usize>load<u32>(node, NODE_TABLE), mask = load<u32>(node, NODE_MASK);
  if (table == 0) return 0;
  let i = hashOf(s, n) & mask;
  while (true) {
    const child = <usize>load<u32>(table + (<usize>i << 2));
    if (child == 0) return 0;
    if (<usize>load<u32>(child, NODE_KEY_LENGTH) == n && sameBytes(<usize>load<u32>(child, NODE_KEY), s, n)) return child;
    i = (i + 1) & mask;
  }
}

// Puts a child, whose key is set, into its parent's table, which has room.
export function jsonAddChild(node: usize, child: usize): void {
  const table = <usize>load<u32>(node, NODE_TABLE), mask = load<u32>(node, NODE_MASK);
  const key = <usize>load<u32>(child, NODE_KEY), n = <usize>load<u32>(child, NODE_KEY_LENGTH);
  let i = hashOf(key, n) & mask;
  while (load<u32>(table + (<usize>i << 2)) != 0) i = (i + 1) & mask;
  store<u32>(table + (<usize>i << 2), <u32>child);
  let plain = n < 16;
  for (let k: usize = 0; k < n && plain; k++) {
    const b = load<u8>(key + k);
    plain = b >= 32 && b != 34 && b != 92;
  }
  store<u32>(child, plain ? <u32>((<u64>2 << <u64>n) - 1) : 0xffffffff, NODE_PATTERN_MASK);
  if (!plain) return;
  memory.copy(child + NODE_PATTERN, key, n);
  store<u8>(child + NODE_PATTERN + n, 34);
}

// A node for a key that no feature takes, so that it is known from now on; 0 where there is no room.
export function learn(ctx: usize, node: usize, s: usize, n: usize): usize {
  const at = <usize>load<u32>(ctx, CTX_JSON_LEARNED), count = load<u32>(ctx, CTX_JSON_LEARNED_COUNT);
  if (at == 0) return 0;
  const next = (at + NODE_SIZE + n + 31) & ~15;
  if (next > <usize>load<u32>(ctx, CTX_JSON_LEARNED_END) || count >= load<u32>(ctx, CTX_JSON_LEARN_MOST)) {
    store<u32>(ctx, 1, CTX_JSON_UNLEARNED);
    return 0;
  }
  memory.fill(at, 0, NODE_SIZE);
  memory.copy(at + NODE_SIZE, s, n);
  store<u32>(at, NO_SLOT, NODE_TEXT);
  store<u32>(at, NO_SLOT, NODE_RAW);
  store<u32>(at, <u32>(at + NODE_SIZE), NODE_KEY);
  store<u32>(at, <u32>n, NODE_KEY_LENGTH);
  jsonAddChild(node, at);
  store<u32>(ctx, <u32>next, CTX_JSON_LEARNED);
  store<u32>(ctx, count + 1, CTX_JSON_LEARNED_COUNT);
  return at;
}
