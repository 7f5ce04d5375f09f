// What host and kernel agree on about JSON lines: slots of the context block beside those of csv-layout, nodes of the tree of keys, codes.
// Compiled by both compilers, so it holds nothing but integer constants.

/**
 * Row by row, slot by slot: u32 address of the first byte of a value and of the byte after its last; two zeroes where the key is missing,
 * two ones where it is null. The text of a string stands behind a quote, which nothing else does.
 */
export const CTX_JSON_CELLS = 252;
/** The node of the object that a line is. */
export const CTX_JSON_ROOT = 256;
/** Where strings go that had escapes, and keys. */
export const CTX_JSON_TEXT = 260;
export const CTX_JSON_KEY = 264;
/** Most objects and arrays within each other. */
export const CTX_JSON_DEPTH = 268;
/** u64: number of the line, for keys that stand twice. */
export const CTX_JSON_LINE = 272;
/** Where nodes of keys that nobody asked for are put: the next one, and the end. 0 = they are not looked at. */
export const CTX_JSON_LEARNED = 280;
export const CTX_JSON_LEARNED_END = 284;
/** How many there are; more than CTX_JSON_LEARN_MOST are not kept. */
export const CTX_JSON_LEARNED_COUNT = 288;
export const CTX_JSON_LEARN_MOST = 292;
/** 1: there was a key without room. */
export const CTX_JSON_UNLEARNED = 296;

// A node: a key that features take, alone or on the way to others.
/** Slots that its value goes to, as text and as it stands; NO_SLOT = none. */
export const NODE_TEXT = 0;
export const NODE_RAW = 4;
/** Slots of what is below it: first, and the one after the last. */
export const NODE_BELOW = 8;
export const NODE_BELOW_END = 12;
/** Hash table of its children (addresses of nodes, 0 = free), and its size less one. 0 = it has none. */
export const NODE_TABLE = 16;
export const NODE_MASK = 20;
/** The key, without escapes. */
export const NODE_KEY = 24;
export const NODE_KEY_LENGTH = 28;
/** u64: the last line it stood in. */
export const NODE_SEEN = 32;
/** Which child came first last time; which sibling came next. */
export const NODE_FIRST = 40;
export const NODE_NEXT = 44;
/** Key and quote, as they stand in a line, in 16 bytes, and a bit for each of them; all bits where they do not fit. */
export const NODE_PATTERN = 48;
export const NODE_PATTERN_MASK = 64;
/** Number of the node, for the host. */
export const NODE_INDEX = 68;
/** 1: a feature takes it, or something below it. */
export const NODE_TAKEN = 72;
export const NODE_SIZE = 80;

export const NO_SLOT = 0xffffffff;

// Why a cell is bad, beside the statuses of csv-layout.
/** The key is missing, and the feature is not nullable. */
export const STATUS_MISSING = 11;
/** An object or array where a single value must stand. */
export const STATUS_NESTED = 12;

// Why a line is bad; CTX of a reject's count: the byte of the line where it shows, or the node.
export const DAMAGE_JSON_LONG = 32;
export const DAMAGE_JSON_UTF8 = 33;
export const DAMAGE_JSON_MARK = 34;
/** No object begins the line. */
export const DAMAGE_JSON_NO_OBJECT = 35;
export const DAMAGE_JSON_TRAILING = 36;
/** It ends inside the object. */
export const DAMAGE_JSON_CUT = 37;
export const DAMAGE_JSON_KEY = 38;
export const DAMAGE_JSON_COLON = 39;
export const DAMAGE_JSON_COMMA = 40;
export const DAMAGE_JSON_VALUE = 41;
export const DAMAGE_JSON_NUMBER = 42;
export const DAMAGE_JSON_CONTROL = 43;
export const DAMAGE_JSON_ESCAPE = 44;
export const DAMAGE_JSON_SURROGATE = 45;
export const DAMAGE_JSON_DEPTH = 46;
/** Count: the node. */
export const DAMAGE_JSON_TWICE = 47;
export const DAMAGE_JSON_BELOW = 48;

// What the values of a column are, counted (u64): texts, empty ones among them, numbers, true, false, objects and arrays.
export const KINDS_TEXTS = 0;
export const KINDS_EMPTY = 8;
export const KINDS_NUMBERS = 16;
export const KINDS_TRUE = 24;
export const KINDS_FALSE = 32;
export const KINDS_NESTED = 40;
export const KINDS_SIZE = 48;
