/** The CSV loops over a context block (see `assembly/csv-layout.ts`); nothing in them traps, whatever the input. */
export interface CsvExports {
  /** Bytes → field index, rejects and counts of one batch. */
  csvScan(context: number): void;
  /** Field index → columns; marks bad rows and lists cells left to the host. */
  csvCast(context: number): void;
  /** Casts one cell of a column again, after a year of its zone was added. */
  csvCastCell(context: number, column: number, row: number): void;
  /** The text that a cell's type is read from, without quotes, escapes and style: its length; its address goes to CTX_CELL. */
  csvCellText(context: number, column: number, row: number): number;
  /** Makes a cell null, or its row bad, for a status of the layout. */
  csvSettleCell(context: number, column: number, row: number, status: number): void;
  /** Writes bytes as a JSON string, with its quotes (up to 6 × length + 18 bytes); returns its end, or 0 where they are not UTF-8. */
  csvJson(from: number, length: number, to: number): number;
  /** Writes a whole number below 2^53 in digits; returns their end. */
  csvDigits(value: number, to: number): number;
  /** Number of the first row from `row` on whose value (4 or 8 bytes wide, signed) lies outside [least, most], or `rows`. */
  findOutside(values: number, width: number, row: number, rows: number, least: bigint, most: bigint): number;
  /** Takes the bad rows out of the columns; returns the rows left. */
  csvCompact(context: number): number;
}
