/** How a file is to be read: what someone who looked at it would declare. */
export interface PollutedDialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly header: boolean;
  /** Physical lines before the header, or before the rows where `header` is false. */
  readonly skipRows: number;
  readonly comment: string | null;
  readonly trailingDelimiter: boolean;
  readonly rowEnd: '\n' | '\r\n' | '\r';
}

/** A stretch of a file. */
export interface Piece {
  readonly text: string | Uint8Array;
  /** The row that the stretch holds, or a part of it; null where it is none of the table's. */
  readonly row: number | null;
  /** Whether the pollution keeps the row from being read as it was. */
  readonly damaged: boolean;
}

/** One row of the table, and where it stands in the file. */
export interface TrueRow {
  readonly cells: readonly string[];
  readonly offset: number;
  readonly length: number;
  readonly damaged: boolean;
}

export interface PollutedFile {
  readonly kind: string;
  /** Row and position, for finding it again. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly dialect: PollutedDialect;
  /** Whether columns are declared with their types; else all are text, and nothing but the form of a row tells damage. */
  readonly typed: boolean;
  /** Every row that stands in the file, whole or damaged. */
  readonly rows: readonly TrueRow[];
}

export const PLAIN: PollutedDialect = {
  delimiter: ',',
  quote: '"',
  escape: '"',
  header: true,
  skipRows: 0,
  comment: null,
  trailingDelimiter: false,
  rowEnd: '\n',
};

/** Lays pieces one behind the other. `cells` are those of all rows; a row of several pieces is damaged if one of them is. */
export function layOut(
  kind: string,
  name: string,
  pieces: readonly Piece[],
  cells: readonly (readonly string[])[],
  dialect: PollutedDialect,
  typed = true,
): PollutedFile {
  const rows = new Map<number, TrueRow>();
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const { text, row, damaged } of pieces) {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    parts.push(bytes);
    if (row !== null) {
      const known = rows.get(row);
      rows.set(row, {
        cells: cells[row] ?? [],
        offset: known?.offset ?? offset,
        length: offset + bytes.length - (known?.offset ?? offset),
        damaged: damaged || (known?.damaged ?? false),
      });
    }
    offset += bytes.length;
  }
  return { kind, name, bytes: new Uint8Array(Buffer.concat(parts)), dialect, typed, rows: [...rows.values()] };
}

/** A cell as it stands in a file: quoted where it has to be, or everywhere. */
export function quoteCell(
  text: string,
  { delimiter, quote, escape: escaping }: PollutedDialect,
  always = false,
): string {
  const needs = always || [delimiter, quote, '\n', '\r', '#'].some((each) => text.includes(each));
  if (!needs) return text;
  const inner = escaping === quote ? text : text.replaceAll(escaping, escaping + escaping);
  return quote + inner.replaceAll(quote, escaping + quote) + quote;
}
