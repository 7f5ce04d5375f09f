import { COLUMNS } from './clean-table.ts';
import { type Piece, type PollutedDialect, quoteCell } from './polluted-file.ts';

/** The header as it should be. */
export function headerText(dialect: PollutedDialect): string {
  const trailing = dialect.trailingDelimiter ? dialect.delimiter : '';
  return COLUMNS.map(({ name }) => name).join(dialect.delimiter) + trailing + dialect.rowEnd;
}

/** A row as it should be. */
export function rowPieces(
  cells: readonly string[],
  row: number,
  dialect: PollutedDialect,
  { always = false, end = dialect.rowEnd }: { readonly always?: boolean; readonly end?: string } = {},
): readonly Piece[] {
  const trailing = dialect.trailingDelimiter ? dialect.delimiter : '';
  const text =
    cells.map((cell) => quoteCell(cell, dialect, always && cell !== '')).join(dialect.delimiter) + trailing + end;
  return [{ text, row, damaged: false }];
}
