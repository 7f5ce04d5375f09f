/** The loops of JSON lines over a context block (see `assembly/json-layout.ts`); nothing in them traps, whatever the bytes. */
export interface JsonExports {
  /** Lines → cells, rejects and counts of one batch. */
  jsonScan(context: number): void;
  /** Puts a node, whose key is set, among the children of another. */
  jsonAddChild(node: number, child: number): void;
  /** Counts what the cells of every slot are; `kinds` are counters of `json-layout.ts`, the rest is as of `csvProfile`. */
  jsonProfile(context: number, blocks: number, stride: number, kinds: number, words: number): void;
  /** Cells → columns; marks bad rows and lists cells left to the host. */
  jsonCast(context: number): void;
  /** Casts one cell of a column once more, after a year of its zone was added. */
  jsonCastCell(context: number, column: number, row: number): void;
  /** The text that a cell's number is read from: its length; its address goes to CTX_CELL. */
  jsonCellText(context: number, column: number, row: number): number;
}
