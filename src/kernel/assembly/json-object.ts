// Objects whose keys features take → the cells of a row.
import { isNullText } from './csv-cell';
import { CTX_NULL_COUNT, CTX_NULL_LENGTHS } from './csv-layout';
import {
  CTX_JSON_DEPTH, CTX_JSON_KEY, CTX_JSON_LEARNED, CTX_JSON_LINE, CTX_JSON_ROOT, CTX_JSON_TEXT, DAMAGE_JSON_BELOW, DAMAGE_JSON_COLON,
  DAMAGE_JSON_COMMA, DAMAGE_JSON_DEPTH, DAMAGE_JSON_KEY, DAMAGE_JSON_SURROGATE, DAMAGE_JSON_TWICE, NODE_BELOW, NODE_BELOW_END, NODE_FIRST,
  NODE_INDEX, NODE_KEY_LENGTH, NODE_NEXT, NODE_PATTERN, NODE_PATTERN_MASK, NODE_RAW, NODE_SEEN, NODE_TABLE, NODE_TAKEN, NODE_TEXT, NO_SLOT,
} from './json-layout';
import { findChild, learn } from './json-keys';
import { skipValue } from './json-skip';
import { blanks, decodeString, escaped, loneAt, plainEnd, setLone, spoil, stringEnd } from './json-text';

// The node that damage is about.
export let damageNode: u32 = 0;

// @ts-ignore: decorator
@inline
function setCell(cells: usize, slot: u32, s: usize, e: usize): void {
  store<u64>(cells + (<usize>slot << 3), <u64>s | (<u64>e << 32));
}

// The text of the string [s, e) into its cell: where it stands, or without its escapes elsewhere.
function takeString(ctx: usize, cells: usize, slot: u32, s: usize, e: usize): void {
  if (escaped) {
    const w = <usize>load<u32>(ctx, CTX_JSON_TEXT);
    store<u8>(w, 34);
    e = decodeString(s, e, w + 1);
    s = w + 1;
    store<u32>(ctx, <u32>e, CTX_JSON_TEXT);
  }
  if (load<u32>(ctx, CTX_NULL_COUNT) != 0) {
    const n = e - s;
    if ((load<u64>(ctx, CTX_NULL_LENGTHS) >> (n < 63 ? <u64>n : 63)) & 1 && isNullText(ctx, s, e)) s = e = 1;
  }
  setCell(cells, slot, s, e);
}

// Damage that is about a node.
function spoilNode(code: i32, at: usize, node: usize): usize {
  damageNode = load<u32>(node, NODE_INDEX);
  return spoil(code, at);
}

// A value that features take, or something below it; returns what is behind it.
function takeValue(ctx: usize, node: usize, cells: usize, p: usize, depth: u32): usize {
  const text = load<u32>(node, NODE_TEXT), raw = load<u32>(node, NODE_RAW), most = load<u32>(ctx, CTX_JSON_DEPTH);
  const below = load<u32>(node, NODE_TABLE) != 0, b = <u32>load<u8>(p), before = loneAt;
  setLone(0);
  let e: usize;
  if (b == 34) {
    e = stringEnd(p + 1);
    if (e == 0) return 0;
    if (loneAt != 0) return spoil(DAMAGE_JSON_SURROGATE, loneAt);
    if (below) return spoilNode(DAMAGE_JSON_BELOW, p, node);
    if (text != NO_SLOT) takeString(ctx, cells, text, p + 1, e);
    e++;
    if (raw != NO_SLOT) setCell(cells, raw, p, e);
    setLone(before);
    return e;
  }
  if (b == 123 && below) {
    if (depth >= most) return spoil(DAMAGE_JSON_DEPTH, p);
    e = takeObject(ctx, node, cells, p + 1, depth + 1);
    if (e == 0) return 0;
    if (loneAt != 0 && raw != NO_SLOT) return spoil(DAMAGE_JSON_SURROGATE, loneAt);
  } else if (b == 123 || b == 91) {
    e = skipValue(p, depth, most);
    if (e == 0) return 0;
    if (loneAt != 0) return spoil(DAMAGE_JSON_SURROGATE, loneAt);
  } else {
    e = plainEnd(p, b);
    if (e == 0) return 0;
    if (b == 110) {
      if (text != NO_SLOT) setCell(cells, text, 1, 1);
      if (raw != NO_SLOT) setCell(cells, raw, 1, 1);
      for (let slot = load<u32>(node, NODE_BELOW), end = load<u32>(node, NODE_BELOW_END); slot < end; slot++) setCell(cells, slot, 1, 1);
      setLone(before);
      return e;
    }
  }
  setLone(before);
  if (below && b != 123) return spoilNode(DAMAGE_JSON_BELOW, p, node);
  if (text != NO_SLOT) setCell(cells, text, p, e);
  if (raw != NO_SLOT) setCell(cells, raw, p, e);
  return e;
}

// An object whose first byte is before p; returns what is behind it.
export function takeObject(ctx: usize, node: usize, cells: usize, p: usize, depth: u32): usize {
  const line = load<u64>(ctx, CTX_JSON_LINE), most = load<u32>(ctx, CTX_JSON_DEPTH);
  const learns = load<u32>(ctx, CTX_JSON_LEARNED) != 0 && <u32>node == load<u32>(ctx, CTX_JSON_ROOT);
  // Where it is noted which key comes next.
  let guess = node + NODE_FIRST;
  p = blanks(p);
  if (load<u8>(p) == 125) return p + 1;
  while (true) {
    if (load<u8>(p) != 34) return spoil(DAMAGE_JSON_KEY, p);
    p++;
    let child = <usize>load<u32>(guess);
    if (child != 0) {
      const mask = load<u32>(child, NODE_PATTERN_MASK);
      if ((<u32>i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(child, NODE_PATTERN))) & mask) == mask) p += <usize>load<u32>(child, NODE_KEY_LENGTH) + 1;
      else child = 0;
    }
    if (child == 0) {
      const before = loneAt;
      setLone(0);
      let s = p, e = stringEnd(p);
      if (e == 0) return 0;
      p = e + 1;
      if (escaped) {
        const key = <usize>load<u32>(ctx, CTX_JSON_KEY);
        e = decodeString(s, e, key);
        s = key;
      }
      // Half of a character is no key that could be asked for.
      if (loneAt == 0) {
        setLone(before);
        child = findChild(node, s, e - s);
        if (child == 0 && learns) child = learn(ctx, node, s, e - s);
        if (child != 0) store<u32>(guess, <u32>child);
      }
    }
    p = blanks(p);
    if (load<u8>(p) != 58) return spoil(DAMAGE_JSON_COLON, p);
    p = blanks(p + 1);
    if (child != 0) guess = child + NODE_NEXT;
    if (child != 0 && load<u32>(child, NODE_TAKEN) != 0) {
      if (load<u64>(child, NODE_SEEN) == line) return spoilNode(DAMAGE_JSON_TWICE, p, child);
      store<u64>(child, line, NODE_SEEN);
      p = takeValue(ctx, child, cells, p, depth);
    } else p = skipValue(p, depth, most);
    if (p == 0) return 0;
    p = blanks(p);
    const b = load<u8>(p);
    if (b == 44) p = blanks(p + 1);
    else if (b == 125) return p + 1;
    else return spoil(DAMAGE_JSON_COMMA, p);
  }
}
