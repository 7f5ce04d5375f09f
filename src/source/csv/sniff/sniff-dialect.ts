import type { CsvReading, GivenDialect } from '../../../flow/sniff.ts';
import type { Encoding } from '../../../metadata/encodings.ts';
import { describeReading } from './describe-reading.ts';
import { type LikelyMarks, likelyMarks } from './sniff-marks.ts';
import { splitRows } from './sniff-rows.ts';
import { findTable, type MarkedTable, type TableGuess } from './sniff-table.ts';

/** Characters of the first look, and readings that get a second one at all there is. */
const FIRST_LOOK = 1 << 16;
const FEWEST_LINES = 20;
const SECOND_LOOKS = 5;
const NEAR = 0.5;
const MOST_ROWS = 20_000;
/** Readings worth trying on the whole file. */
const KEPT = 5;

/**
 * Readings of the start of a text, best first; empty where none makes a table of it. `complete`: the text is the whole file.
 * Scored as van den Burg, Nazábal and Sutton do ("Wrangling messy CSV files by detecting row and type patterns", 2019): how well the
 * rows agree on a number of fields, times how many cells look like something.
 */
export function sniffDialect(
  text: string,
  complete: boolean,
  encoding: Encoding,
  given: GivenDialect,
): readonly CsvReading[] {
  const look = text.slice(0, firstLook(text));
  const short = look.length === text.length;
  const ranked = rank(likelyMarks(look, given), look, complete && short, given);
  const kept = short ? ranked : rank(near(ranked), text, complete, given);
  const [best] = kept;
  if (best === undefined) return [];
  return kept.slice(0, KEPT).map((each) => ({
    ...describeReading(each, kept, encoding, given, text),
    score: each.score,
    damaged: each.table.bad / (each.table.good.length + each.table.bad),
  }));
}

/** Characters that a first look takes in: some lines at least, however long they are. */
function firstLook(text: string): number {
  const ends = /[\r\n]/g;
  let at = 0;
  for (let lines = 0; lines < FEWEST_LINES; lines += 1) {
    if (ends.exec(text) === null) return text.length;
    at = ends.lastIndex;
  }
  return Math.max(at, Math.min(text.length, FIRST_LOOK));
}

/** The best of the first look, and those not far behind. */
function near(ranked: readonly MarkedTable[]): readonly MarkedTable[] {
  const best = ranked[0]?.score ?? 0;
  return ranked.slice(0, SECOND_LOOKS).filter(({ score }) => score >= best * NEAR);
}

function rank(likely: readonly LikelyMarks[], text: string, complete: boolean, given: GivenDialect): MarkedTable[] {
  const tables = likely.flatMap(({ marks, prior }) => {
    const rows = splitRows(text, marks, MOST_ROWS);
    // The last record of a part of a file may be half of one.
    if (!complete && rows.length > 1) rows.pop();
    const skipped = given.skipRows === undefined ? rows : rows.filter(({ line }) => line >= (given.skipRows ?? 0));
    const table = findTable(skipped, given.header ?? null, given.skipRows !== undefined);
    return table === null
      ? []
      : [
          {
            marks,
            prior,
            table,
            score: table.score * prior * (marks.escape === null ? plainQuotes(table, marks.quote) : 1),
          },
        ];
  });
  return tables.sort((a, b) => b.score - a.score);
}

/** What is said against reading quotes as plain letters: fields that begin with one, or stand in a pair of them. */
function plainQuotes({ good }: TableGuess, quote: string | null): number {
  if (quote !== null) return 1;
  let [paired, opened] = [0, 0];
  for (const { cells } of good) {
    for (const cell of cells) {
      const text = cell.trim();
      if (!text.startsWith('"')) continue;
      opened += 1;
      paired += text.length > 1 && text.endsWith('"') ? 1 : 0;
    }
  }
  return paired > 0 ? 0.65 : opened > 0 ? 0.6 : 1;
}
