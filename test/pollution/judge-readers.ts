import type { PollutedFile } from './polluted-file.ts';
import { readAtlas } from './read-atlas.ts';
import { readCsvParse } from './read-csv-parse.ts';
import { DuckReader } from './read-duckdb.ts';
import { type Judgement, judgeReading, type Verdict } from './verdict.ts';

/** The readers that are judged, in the order of the tables. */
export const READERS = ['atlas-ingest', 'DuckDB, store_rejects', 'csv-parse, strict', 'csv-parse, relaxed'] as const;

export type Reader = (typeof READERS)[number];

/** One file, and what became of it. */
export interface JudgedFile {
  readonly file: PollutedFile;
  readonly judgements: ReadonlyMap<Reader, Judgement>;
}

/** Counts of verdicts, and of undamaged rows that did not come out. */
export interface ReaderCount extends Readonly<Record<Verdict, number>> {
  readonly lost: number;
}

/** Reads every file with every reader. */
export async function* judgeReaders(files: Iterable<PollutedFile>): AsyncGenerator<JudgedFile> {
  await using duck = await DuckReader.open();
  for (const file of files) {
    const judgements = new Map<Reader, Judgement>([
      ['atlas-ingest', judgeReading(file, await readAtlas(file))],
      ['DuckDB, store_rejects', judgeReading(file, await duck.read(file))],
      ['csv-parse, strict', judgeReading(file, readCsvParse(file, false))],
      ['csv-parse, relaxed', judgeReading(file, readCsvParse(file, true))],
    ]);
    yield { file, judgements };
  }
}

export function countVerdicts(judgements: Iterable<Judgement>): ReaderCount {
  const count = { exact: 0, told: 0, whole: 0, wrong: 0, lost: 0 };
  for (const { verdict, lost } of judgements) {
    count[verdict] += 1;
    count.lost += lost;
  }
  return count;
}
