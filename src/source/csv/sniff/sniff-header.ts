import { kindOfText, type TextKind } from './sniff-kind.ts';
import type { TextRow } from './sniff-rows.ts';

/** Whether the first rows of a table name its columns. */
export interface HeaderGuess {
  /** Rows that name columns: 0, 1, or more where names span several. */
  readonly rows: number;
  readonly confidence: number;
  readonly because: string;
}

/** Rows of data that are looked at. */
const LOOK = 400;
/** Share of a column's cells that must be of one kind for the column to have it. */
const MOSTLY = 0.8;
/** Most rows that names may span. */
const MOST_ROWS = 3;

/** Decides by comparing the first row with those below it: `rows` are the good rows of the table, header first if there is one. */
export function guessHeader(rows: readonly TextRow[]): HeaderGuess {
  const [first] = rows;
  if (first === undefined) return { rows: 0, confidence: 0, because: 'there is no row' };
  if (rows.length === 1) return guessAlone(first);
  const same = joined(first);
  const body = rows.slice(1).filter((row) => joined(row) !== same);
  const copies = rows.length - 1 - body.length;
  if (copies > 0 && first.cells.every((cell) => kindOfText(cell) === 'word' && !/^\d/.test(cell))) {
    return {
      rows: 1,
      confidence: 0.85,
      because: `the first row reads like names, and stands ${copies} more times below`,
    };
  }
  const votes = vote(first, rows.slice(1, LOOK));
  if (votes.no > 0 && votes.yes <= votes.no) {
    return { rows: 0, confidence: sure(votes.no - votes.yes), because: votes.against };
  }
  if (votes.yes === 0) return guessByWords(first, rows);
  let count = 1;
  while (count < MOST_ROWS && rows.length > count + 2) {
    const next = rows[count];
    if (next === undefined || !goesOn(next, rows.slice(count + 1, LOOK))) break;
    count += 1;
  }
  const because = count === 1 ? votes.because : `${votes.because}, and so do the ${count - 1} below it`;
  return { rows: count, confidence: sure(votes.yes - votes.no) - (count > 1 ? 0.2 : 0), because };
}

/** A row as one text, without a byte order mark that stands before it where files were joined. */
function joined({ cells }: TextRow): string {
  return cells.join('\n').replace(/^\ufeff/, '');
}

interface Votes {
  readonly yes: number;
  readonly no: number;
  readonly because: string;
  readonly against: string;
}

/** Columns in which the first cell is of another kind than the cells below it, and those in which it is of the same telling kind. */
function vote(first: TextRow, body: readonly TextRow[]): Votes {
  let [yes, no, typed, repeated] = [0, 0, 0, 0];
  const steps = isSeries(first.cells);
  first.cells.forEach((cell, column) => {
    const below = body.map((row) => row.cells[column] ?? '').filter((text) => text !== '');
    if (below.length === 0 || cell === '') return;
    const kind = kindOfText(cell);
    const kinds = below.map(kindOfText);
    const own = mostOf(kinds);
    if (own === 'number' || own === 'time' || own === 'code') {
      typed += 1;
      if (kind === own) no += steps ? 0 : 1;
      else if (kind === 'word' || kind === 'text' || (kind === 'code' && own === 'number')) yes += 1;
    } else if (kind === 'number' || kind === 'time') {
      no += steps ? 0 : 0.6;
    } else if (below.length > 3 && below.includes(cell)) {
      repeated += 1;
      no += 0.4;
    } else if (looksAlike(below) && !looksAlike([...below.slice(0, 20), cell])) yes += 0.5;
  });
  const because = `${Math.ceil(yes)} of ${first.cells.length} columns hold numbers, dates or codes below a first cell that is none`;
  const against =
    typed > 0
      ? 'the first row has numbers or dates where the rows below have them'
      : `${repeated} cells of the first row stand again below it`;
  return { yes, no, because, against };
}

/** A further row that names or explains: text over numbers, in most of the columns that have a kind. */
function goesOn(row: TextRow, body: readonly TextRow[]): boolean {
  let [yes, typed] = [0, 0];
  row.cells.forEach((cell, column) => {
    const own = mostOf(body.map((each) => kindOfText(each.cells[column] ?? '')).filter((kind) => kind !== 'empty'));
    if (own !== 'number' && own !== 'time') return;
    typed += 1;
    const kind = kindOfText(cell);
    if (kind === 'word' || kind === 'text' || (kind === 'code' && /^[[(]/.test(cell))) yes += 1;
  });
  return typed > 0 && yes > typed * 0.6 && yes >= Math.min(2, typed);
}

/** Only text everywhere: names are unique, not empty, short, and hold no digits as a rule. */
function guessByWords(first: TextRow, rows: readonly TextRow[]): HeaderGuess {
  const { cells } = first;
  const unique = new Set(cells).size === cells.length && !cells.includes('');
  const wordy = cells.every((cell) => cell.length <= 80 && !/^\d/.test(cell) && kindOfText(cell) !== 'time');
  const body = rows.slice(1, LOOK);
  const again = cells.filter((cell, column) => cell !== '' && body.some((row) => row.cells[column] === cell)).length;
  if (wordy && (unique || again === 0)) {
    const because = 'all cells are text; those of the first row read like names, and stand nowhere below';
    return { rows: 1, confidence: again === 0 ? 0.65 : 0.5, because };
  }
  return { rows: 0, confidence: 0.5, because: 'all cells are text, and those of the first row do not read like names' };
}

function guessAlone({ cells }: TextRow): HeaderGuess {
  const kinds = cells.map(kindOfText);
  if (kinds.some((kind) => kind === 'number' || kind === 'time' || kind === 'code')) {
    return { rows: 0, confidence: 0.7, because: 'the only row holds numbers, dates or codes' };
  }
  return { rows: 1, confidence: 0.6, because: 'the only row is text: names without data' };
}

function mostOf(kinds: readonly TextKind[]): TextKind | null {
  const counts = new Map<TextKind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const [kind, count] of counts) if (count >= kinds.length * MOSTLY) return kind;
  return null;
}

/** Texts of one length and of the same kinds of characters (`S1`, `S2`; `NZ`, `DE`). */
function looksAlike(texts: readonly string[]): boolean {
  const shape = (text: string): string => text.replace(/\d/g, '0').replace(/[A-Z]/g, 'A').replace(/[a-z]/g, 'a');
  const [first] = texts;
  return texts.length > 1 && first !== undefined && texts.every((text) => shape(text) === shape(first));
}

/** Numbers that count up in equal steps, as years over columns do. */
function isSeries(cells: readonly string[]): boolean {
  const numbers = cells.filter((cell) => /^\d{1,9}$/.test(cell)).map(Number);
  if (numbers.length < 3) return false;
  const step = (numbers[1] ?? 0) - (numbers[0] ?? 0);
  return step > 0 && numbers.every((number, index) => index === 0 || number - (numbers[index - 1] ?? 0) === step);
}

function sure(votes: number): number {
  return Math.min(0.99, 0.75 + 0.12 * Math.max(0, votes));
}
