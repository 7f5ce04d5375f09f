import type { CsvDialect, CsvReading, Evidence, GivenDialect } from '../../../flow/sniff.ts';
import type { Encoding } from '../../../metadata/encodings.ts';
import { nameColumns } from './sniff-names.ts';
import type { MarkedTable } from './sniff-table.ts';

const NAMES: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  ' ': 'blank',
  ':': 'colon',
  '^': 'caret',
  '~': 'tilde',
  '\u001f': 'unit separator',
  '\u001e': 'record separator',
  '\u0001': 'control-A',
};

const nameOf = (mark: string): string => NAMES[mark] ?? JSON.stringify(mark);
const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
const clamp = (value: number): number => Math.round(100 * Math.max(0.05, Math.min(0.99, value))) / 100;

/** Puts a reading into the words of metadata, with the reasons for each of them. `all` are the readings it stands among. */
export function describeReading(
  reading: MarkedTable,
  all: readonly MarkedTable[],
  encoding: Encoding,
  given: GivenDialect,
  text: string,
): Omit<CsvReading, 'score' | 'damaged'> {
  const { marks, table } = reading;
  const names = nameColumns(reading, given);
  const dialect: CsvDialect = {
    encoding,
    delimiter: marks.delimiter,
    rowDelimiter: marks.rowEnd ?? 'auto',
    quote: marks.quote,
    escape: marks.escape === marks.quote ? null : marks.escape,
    comment: marks.comment,
    trim: marks.trim,
    trailingDelimiter: table.trailing,
    header: names.header,
    columns: names.columns,
    skipRows: names.skipRows,
    repeatedHeader: table.repeated > 0 ? 'skip' : 'reject',
  };
  const sure = (differs: (other: MarkedTable) => boolean): number => confidenceIn(reading, all, differs);
  const evidence: Evidence[] = [];
  const say = (about: string, decided: string, confidence: number, because: string): void => {
    evidence.push({ about, decided, confidence: clamp(confidence), because });
  };
  const { good, bad, width } = table;
  const rows = good.length;
  const said = 'it was said';
  const agree = `${count(rows, 'row')} of ${(rows + bad).toLocaleString('en')} looked at have ${count(width, 'field')}`;
  if (given.delimiter !== undefined) say('delimiter', nameOf(marks.delimiter), 1, `${said}; ${agree}`);
  else if (width === 1) {
    const confidence = sure((other) => other.table.width > 1);
    say(
      'delimiter',
      nameOf(marks.delimiter),
      confidence,
      `one column: no delimiter parts the rows into equal fields; ${agree}`,
    );
  } else
    say(
      'delimiter',
      nameOf(marks.delimiter),
      sure((other) => other.marks.delimiter !== marks.delimiter),
      agree,
    );
  if (marks.rowEnd !== null) say('row_delimiter', nameOf(marks.rowEnd), 0.9, 'rows end there');
  sayQuotes(reading, given, say, sure, text);
  if (marks.trim) say('trim', 'true', given.trim ? 1 : 0.8, given.trim ? said : 'blanks stand around most fields');
  if (marks.comment !== null) {
    const because = given.comment === undefined ? 'lines that begin with it stand between rows, and are none' : said;
    say(
      'comment',
      marks.comment,
      given.comment === undefined ? sure((other) => other.marks.comment === null) : 1,
      because,
    );
  }
  if (table.trailing)
    say(
      'trailing_delimiter',
      'true',
      rows > 2 ? 0.95 : 0.6,
      `all of ${count(rows, 'row')} end with a delimiter and nothing after it`,
    );
  say('header', names.said, table.header.confidence, [table.header.because, ...names.because].join('; '));
  if (names.skipRows > 0) {
    const because = given.skipRows === undefined ? names.whySkipped : said;
    say('skip_rows', String(names.skipRows), given.skipRows === undefined ? 0.8 : 1, because);
  }
  if (table.repeated > 0)
    say(
      'repeated_header',
      'skip',
      0.95,
      `the header stands ${count(table.repeated, 'more time')} among the rows looked at`,
    );
  return { dialect, evidence };
}

type Say = (about: string, decided: string, confidence: number, because: string) => void;

function sayQuotes(
  { marks, table }: MarkedTable,
  given: GivenDialect,
  say: Say,
  sure: (differs: (other: MarkedTable) => boolean) => number,
  text: string,
): void {
  const quoted = table.good.reduce((sum, row) => sum + row.quoted.filter(Boolean).length, 0);
  const { quote, escape: escaper } = marks;
  if (given.quote !== undefined) say('quote', quote === null ? 'none' : quote, 1, 'it was said');
  else if (quote === null) {
    say(
      'quote',
      'none',
      sure((other) => other.marks.quote !== null),
      'quotes stand in fields as plain letters, or nowhere',
    );
  } else if (quoted > 0) {
    say(
      'quote',
      quote,
      sure((other) => other.marks.quote !== quote),
      `${count(quoted, 'field')} looked at stand in quotes`,
    );
  } else if (!text.includes(quote))
    say('quote', quote, 0.9, 'no quote stands anywhere that was looked at: the usual one');
  else say('quote', quote, 0.6, 'quotes stand only where they are damage');
  if (given.escape !== undefined) say('escape', escaper ?? 'none', 1, 'it was said');
  else if (escaper === '\\') {
    const because =
      quote === null
        ? 'every backslash stands before a letter that it escapes'
        : 'backslashes stand before quotes inside quotes';
    say(
      'escape',
      '\\',
      sure((other) => other.marks.escape !== escaper),
      because,
    );
  }
}

/** How far a reading stands above the best that differs in a certain way. */
function confidenceIn(
  { score, table }: MarkedTable,
  all: readonly MarkedTable[],
  differs: (other: MarkedTable) => boolean,
): number {
  const other = all.find(differs);
  const margin = other === undefined ? 1 : (score - other.score) / score;
  const few = table.good.length < 3 ? 0.85 : 1;
  return Math.min(1, 0.55 + 1.5 * Math.max(0, margin)) * Math.sqrt(table.agreement) * few;
}
