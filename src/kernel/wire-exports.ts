/** The loops of database rows over a context block (see `assembly/wire-layout.ts`); nothing in them traps, whatever the bytes. */
export interface WireExports {
  /** PostgreSQL's messages → cells, on from where the last call ended. */
  wireScanPostgres(context: number): void;
  /** MySQL's packets → cells, on from where the last call ended. A row of several packets is joined in place. */
  wireScanMysql(context: number): void;
  /** Cells → columns; marks bad rows and lists cells left to the host. */
  wireCast(context: number): void;
  /** Casts one cell of a column once more, after a year of its zone was added. */
  wireCastCell(context: number, column: number, row: number): void;
}
