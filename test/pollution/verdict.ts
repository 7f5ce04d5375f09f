import type { PollutedFile } from './polluted-file.ts';

/** What a reader made of a file. */
export interface PollutedReading {
  /** Cells as they read, an empty text for null. */
  readonly rows: readonly (readonly string[])[];
  /** Byte ranges that the reader said it could not take: from, to. */
  readonly told: readonly (readonly [from: number, to: number])[];
  /** Why it could not take them, in its own words: codes or kinds of errors. */
  readonly codes: readonly string[];
  /** The file was refused as a whole; null where it was not. */
  readonly refused: string | null;
}

/**
 * `exact`: every undamaged row as it is, every damaged one reported. `told`: undamaged rows are missing, and lie in what was reported.
 * `whole`: the file was refused. `wrong`: a row came out that is none of the table's, or one is missing without a word.
 */
export type Verdict = 'exact' | 'told' | 'whole' | 'wrong';

export interface Judgement {
  readonly verdict: Verdict;
  /** Undamaged rows that did not come out. */
  readonly lost: number;
  readonly why: string;
  readonly codes: readonly string[];
}

export function judgeReading(file: PollutedFile, { rows, told, codes, refused }: PollutedReading): Judgement {
  const whole = file.rows.filter(({ damaged }) => !damaged);
  if (refused !== null) return { verdict: 'whole', lost: whole.length, why: refused, codes };
  const came = new Map<string, number>();
  for (const row of rows) came.set(keyOf(row), (came.get(keyOf(row)) ?? 0) + 1);
  const take = (cells: readonly string[]): boolean => {
    const count = came.get(keyOf(cells)) ?? 0;
    if (count > 0) came.set(keyOf(cells), count - 1);
    return count > 0;
  };
  const missing = [...whole, ...file.rows.filter(({ damaged }) => damaged)].filter(({ cells }) => !take(cells));
  const lost = missing.filter(({ damaged }) => !damaged).length;
  const invented = [...came].find(([, count]) => count > 0);
  if (invented) return { verdict: 'wrong', lost, why: `published ${invented[0]}`, codes };
  const silent = missing.find(
    ({ offset, length }) => !told.some(([from, to]) => from < offset + length && to > offset),
  );
  if (silent) return { verdict: 'wrong', lost, why: `without a word lost ${keyOf(silent.cells)}`, codes };
  return { verdict: lost === 0 ? 'exact' : 'told', lost, why: lost === 0 ? '' : `lost ${lost}`, codes };
}

function keyOf(cells: readonly string[]): string {
  return JSON.stringify(cells);
}
