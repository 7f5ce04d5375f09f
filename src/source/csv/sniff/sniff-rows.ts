/** Marks that part and quote; `escape` null = none, equal to `quote` = doubled. */
export interface RowMarks {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly escape: string | null;
  /** Byte that alone ends rows, or null for line ends. */
  readonly rowEnd: string | null;
  readonly trim: boolean;
  readonly comment: string | null;
}

export type RowFlaw = 'unclosed' | 'trailing' | 'stray';

/** One record of a text, or one span that the damage rule would reject. */
export interface TextRow {
  readonly cells: readonly string[];
  /** Same length: whether the cell stood in quotes. */
  readonly quoted: readonly boolean[];
  /** 0-based physical line it starts on, and how many it covers. */
  readonly line: number;
  readonly lines: number;
  readonly flaw: RowFlaw | null;
  /** Nothing stands in the line. */
  readonly blank: boolean;
}

/** Splits the start of a text into records, by the damage rule; at most `most` of them. */
export function splitRows(text: string, marks: RowMarks, most: number): TextRow[] {
  const ends = lineEndsOf(text, marks);
  const rows: TextRow[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 0;
  while (at < text.length && rows.length < most) {
    if (marks.comment !== null && text.startsWith(marks.comment, at)) {
      at = ends.after(at);
      line += 1;
      continue;
    }
    const row = readRow(text, at, line, marks, ends);
    rows.push(row);
    at = row.next;
    line += row.lines;
  }
  return rows;
}

/** How the lines of a text end. */
interface LineEnds {
  /** Length of the line end at `at`; 0 where there is none. */
  at(at: number): number;
  /** Position after the next line end. */
  after(at: number): number;
}

function lineEndsOf(text: string, { rowEnd, delimiter, quote, escape: escaper }: RowMarks): LineEnds {
  const mark = rowEnd ?? (firstEnd(text, delimiter, quote, escaper) === '\r' ? '\r' : '\n');
  const at = (position: number): number => {
    const character = text[position];
    if (rowEnd !== null) return character === rowEnd ? 1 : 0;
    if (character === '\r' && text[position + 1] === '\n') return 2;
    return character === mark ? 1 : 0;
  };
  const after = (position: number): number => {
    const found = text.indexOf(mark, position);
    if (found < 0) return text.length;
    return found + (rowEnd === null && mark === '\r' && text[found + 1] === '\n' ? 2 : 1);
  };
  return { at, after };
}

/** The first line end outside quotes: `\r` where a carriage return stands alone. */
function firstEnd(text: string, delimiter: string, quote: string | null, escaper: string | null): '\r' | '\n' {
  const bound = Math.min(text.length, 1 << 16);
  let start = true;
  for (let at = 0; at < bound; at += 1) {
    if (start && quote !== null && text[at] === quote) {
      const close = closingQuote(text, at + 1, quote, escaper);
      if (close < 0) break;
      at = close;
    } else if (text[at] === '\n') return '\n';
    else if (text[at] === '\r') return text[at + 1] === '\n' ? '\n' : '\r';
    start = text.startsWith(delimiter, at);
  }
  const [lf, cr] = [text.indexOf('\n'), text.indexOf('\r')];
  return cr >= 0 && text[cr + 1] !== '\n' && (lf < 0 || cr < lf) ? '\r' : '\n';
}

function closingQuote(text: string, from: number, quote: string, escaper: string | null): number {
  if (escaper === quote) {
    for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 2)) {
      if (text[at + 1] !== quote) return at;
    }
    return -1;
  }
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === escaper) at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

type FoundRow = TextRow & { readonly next: number };

const BLANK = /^[ \t]*/y;

function readRow(text: string, start: number, line: number, marks: RowMarks, ends: LineEnds): FoundRow {
  const { delimiter, quote, escape: escaper, trim } = marks;
  const bare = quote === null && escaper !== null;
  const cells: string[] = [];
  const quoted: boolean[] = [];
  let lines = 1;
  let at = start;
  const damaged = (flaw: RowFlaw, from: number): FoundRow => {
    const next = ends.after(from);
    return { cells, quoted, line, lines, flaw, blank: false, next };
  };
  for (;;) {
    let from = at;
    if (trim) {
      BLANK.lastIndex = at;
      from += BLANK.exec(text)?.[0].length ?? 0;
    }
    if (quote !== null && text[from] === quote) {
      const close = closingQuote(text, from + 1, quote, escaper);
      if (close < 0) {
        lines = 1;
        return damaged('unclosed', start);
      }
      for (let next = ends.after(from); next <= close; next = ends.after(next)) lines += 1;
      cells.push(plainOf(text.slice(from + 1, close), quote, escaper));
      quoted.push(true);
      at = close + 1;
      if (trim) {
        BLANK.lastIndex = at;
        at += BLANK.exec(text)?.[0].length ?? 0;
      }
      if (at < text.length && ends.at(at) === 0 && !text.startsWith(delimiter, at)) return damaged('trailing', at);
    } else {
      const stop = fieldEnd(text, at, delimiter, bare, ends);
      const cell = text.slice(at, stop);
      if (quote !== null && cell.includes(quote)) return damaged('stray', at);
      cells.push(trim ? cell.replace(/^[ \t]+|[ \t]+$/g, '') : cell);
      quoted.push(false);
      if (bare) for (let next = ends.after(at); next <= stop && next < text.length; next = ends.after(next)) lines += 1;
      at = stop;
    }
    const end = at < text.length ? ends.at(at) : 1;
    if (end > 0) {
      const blank = cells.length === 1 && cells[0] === '' && quoted[0] === false;
      if (at < text.length) return { cells, quoted, line, lines, flaw: null, blank, next: at + end };
      return { cells, quoted, line, lines, flaw: null, blank, next: text.length };
    }
    at += delimiter.length;
  }
}

function fieldEnd(text: string, from: number, delimiter: string, bare: boolean, ends: LineEnds): number {
  const first = delimiter.charCodeAt(0);
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c && bare) at += 1;
    else if (code === first && (delimiter.length === 1 || text.startsWith(delimiter, at))) return at;
    else if (code < 0x20 && ends.at(at) > 0) return at;
  }
  return text.length;
}

function plainOf(text: string, quote: string, escaper: string | null): string {
  if (escaper === quote) return text.includes(quote) ? text.replaceAll(quote + quote, quote) : text;
  return text.includes('\\') ? text.replace(/\\(["'\\])/g, '$1') : text;
}
