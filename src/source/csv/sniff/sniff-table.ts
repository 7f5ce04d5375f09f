import { guessHeader, type HeaderGuess } from './sniff-header.ts';
import { kindOfText, senseOf } from './sniff-kind.ts';
import type { LikelyMarks } from './sniff-marks.ts';
import type { TextRow } from './sniff-rows.ts';

/** The table that stands in the rows of a text, and how well they make one. */
export interface TableGuess {
  /** Fields of a row, without a trailing delimiter. */
  readonly width: number;
  readonly trailing: boolean;
  /** Rows before the table that are no part of it, blank lines aside. */
  readonly before: number;
  readonly header: HeaderGuess;
  /** The header has another number of names than the rows have fields. */
  readonly oddHeader: boolean;
  /** Rows of the table that stand as they should, the header and its repetitions with them, and those that do not. */
  readonly good: readonly TextRow[];
  readonly bad: number;
  readonly repeated: number;
  /** How well the rows agree, and how much sense their cells make: 0 to 1. */
  readonly agreement: number;
  readonly sense: number;
  /** All of it: what readings of one text are compared by. */
  readonly score: number;
}

/** A text read by certain marks. */
export interface MarkedTable extends LikelyMarks {
  readonly table: TableGuess;
  /** The table's score, weighed by how usual the marks are. */
  readonly score: number;
}

/** More rows than these before a table are no preamble. */
const MOST_BEFORE = 100;
/** Cells whose sense is looked at. */
const MOST_CELLS = 12_000;

/** What a table of one column is worth beside 1 - 1/(width + 1): nearly nothing speaks against reading rows so. */
const ONE_COLUMN = 0.42;

/** Finds the table in rows; null where there is none. `headed`: what people said of a header, or null. */
export function findTable(all: readonly TextRow[], headed: boolean | null, fixedStart: boolean): TableGuess | null {
  const widths = new Map<number, number>();
  for (const row of all) {
    if (row.flaw === null && !row.blank) widths.set(row.cells.length, (widths.get(row.cells.length) ?? 0) + 1);
  }
  const modal = widthOf(all, widths);
  if (modal === 0) return null;
  const isGood = (row: TextRow | undefined): boolean =>
    row !== undefined && row.flaw === null && !row.blank && row.cells.length === modal;
  let first = startOf(all, isGood, modal, fixedStart);
  if (first < 0) return null;
  const body = all.slice(first);
  const whole = body.filter(isGood);
  const trailing = modal > 1 && hasTrailing(whole);
  const width = trailing ? modal - 1 : modal;
  const odd = rowBefore(all, first);
  let good = whole;
  let oddHeader = false;
  let header: HeaderGuess | null = null;
  const own = guessHeader(whole);
  if (odd !== null && headed !== false && (trailing ? odd.cells.length === width : isOdd(odd, modal, own))) {
    first = all.indexOf(odd);
    good = [odd, ...whole];
    oddHeader = odd.cells.length !== width;
    const because = oddHeader
      ? `the row before the data has ${odd.cells.length} names, the data has ${width} fields`
      : 'the first row has as many names as there are fields, without the trailing delimiter';
    header = { rows: 1, confidence: oddHeader ? 0.4 : 0.9, because };
  }
  header ??= own;
  if (headed !== null) {
    header = { rows: headed ? Math.max(1, header.rows) : 0, confidence: 1, because: 'it was said' };
  }
  const names = header.rows === 1 ? (good[0]?.cells.join('\n') ?? null) : null;
  const repeated = names === null ? 0 : good.slice(1).filter(({ cells }) => cells.join('\n') === names).length;
  const bad = all.slice(first).filter((row) => !row.blank && !isGood(row)).length - (good.length - whole.length);
  const before = all.slice(0, first).filter((row) => !row.blank).length;
  const agreement = good.length / (good.length + bad + 0.3 * Math.min(before, 3));
  const sense = senseOfRows(good.slice(header.rows), good, width);
  const single =
    good[0]?.quoted[0] === false && isHeaderOfMore(good[0]?.cells[0] ?? '') ? ONE_COLUMN * 0.6 : ONE_COLUMN;
  const score = agreement ** 1.5 * (0.3 + 0.7 * sense) * (width === 1 ? single : 1 - 1 / (width + 1));
  return { width, trailing, before, header, oddHeader, good, bad, repeated, agreement, sense, score };
}

/** Fields of most rows; or of the first one, where it reads like names and nearly as many rows agree with it. */
function widthOf(all: readonly TextRow[], widths: ReadonlyMap<number, number>): number {
  const [modal, most] = [...widths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0];
  const first = all.find((row) => !row.blank);
  if (first === undefined || first.flaw !== null || first.cells.length < 2) return modal;
  const named = new Set(first.cells).size === first.cells.length && first.cells.every(isName);
  return named && (widths.get(first.cells.length) ?? 0) * 2 >= most ? first.cells.length : modal;
}

/** Short, and no number or date. */
function isName(text: string): boolean {
  return kindOfText(text) === 'word' && !/^\d/.test(text);
}

/** A single cell that is names with delimiters between them. */
function isHeaderOfMore(text: string): boolean {
  const parts = text.split(/[,;|\t]/);
  return parts.length > 1 && parts.every((part) => isName(part.replace(/^"(.*)"$/, '$1')));
}

/** The first good row; a table of one column starts where the text does. */
function startOf(
  all: readonly TextRow[],
  isGood: (row: TextRow | undefined) => boolean,
  modal: number,
  fixedStart: boolean,
): number {
  if (fixedStart || modal === 1) return all.findIndex((row) => !row.blank);
  const first = all.findIndex(isGood);
  if (first < 0 || first > MOST_BEFORE) return -1;
  if (modal > 2 || all.length < first + 5) return first;
  // A title with one delimiter in it, over a table of two columns.
  const next = (index: number): number => all.findIndex((row, at) => at > index && !row.blank);
  const second = all.findIndex((_, at) => at > first && isGood(all[at]) && isGood(all[next(at)]));
  return isGood(all[next(first)]) || second < 0 || second > first + 4 ? first : second;
}

/** The row that stands right before the table, whole but of another width. */
function rowBefore(all: readonly TextRow[], first: number): TextRow | null {
  const row = all[first - 1];
  return row === undefined || row.blank || row.flaw !== null ? null : row;
}

/** A header that lost or won a name: as wide as the table, nearly, over rows that have no header of their own. */
function isOdd(before: TextRow, width: number, own: HeaderGuess): boolean {
  if (own.rows > 0) return false;
  const { length } = before.cells;
  return length > 1 && Math.abs(length - width) <= Math.max(1, width / 4);
}

function hasTrailing(rows: readonly TextRow[]): boolean {
  const ends = (row: TextRow): boolean => row.cells.at(-1) === '' && row.quoted.at(-1) === false;
  return rows.length > 0 && rows.every(ends);
}

function senseOfRows(body: readonly TextRow[], good: readonly TextRow[], width: number): number {
  const rows = body.length > 0 ? body : good;
  const step = Math.max(1, Math.ceil((rows.length * width) / MOST_CELLS));
  let [sum, cells] = [0, 0];
  const filled = new Uint8Array(width);
  for (let index = 0; index < rows.length; index += step) {
    const row = rows[index] as TextRow;
    for (let column = 0; column < width; column += 1) {
      const text = row.cells[column] ?? '';
      sum += senseOf(text, row.quoted[column] === true);
      if (text !== '') filled[column] = 1;
      cells += 1;
    }
  }
  for (let column = 0; column < width; column += 1) if (good[0]?.cells[column]) filled[column] = 1;
  const empty = filled.reduce((count, each) => count + (each === 0 ? 1 : 0), 0);
  return cells === 0 ? 0 : (sum / cells) * (1 - (0.8 * empty) / width);
}
