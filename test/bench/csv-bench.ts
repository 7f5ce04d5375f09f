import { join } from 'node:path';
import { cacheFolder, requireSpace, table, warm } from './cache.ts';
import { DUCKDB_TYPES } from './duckdb-types.ts';
import { machine } from './machine.ts';
import { ATLAS, CLICKHOUSE, DUCKDB, PARQUETJS, repositoryRoot, type Subject, THREADS } from './subjects.ts';
import { compare, discard, type Score, trial } from './trial.ts';
import { columnsOf, VARIANTS, type Variant } from './variant.ts';
import { writeSection } from './write-section.ts';

export interface CsvBenchOptions {
  /** Rows of the main file; variants are scaled alike. */
  readonly rows: number | null;
  readonly runs: number;
  /** Names of variants, or null for all. */
  readonly only: readonly string[] | null;
  /** Names of subjects, or null for all. */
  readonly subjects: readonly string[] | null;
  /** Whether to put the table into the README. */
  readonly readme: boolean;
}

/** Rows for the object-per-row libraries, which would take minutes for all. */
const HEAD_ROWS = 100_000;
const HEADINGS = ['file', 'program', 's', 'CPU s', 'MB/s', 'peak RSS, MiB', 'file, MB', 'time ÷ theirs'];

/** Measures all subjects on all variants, prints a Markdown table, compares the outputs. Answers whether all agreed. */
export async function csvBench(options: CsvBenchOptions): Promise<boolean> {
  const wanted = (subject: Subject): boolean =>
    options.subjects?.some((name) => subject.name.toLowerCase().includes(name.toLowerCase())) ?? true;
  const variants = VARIANTS.filter(({ name }) => options.only?.includes(name) ?? true);
  if (variants.length === 0) throw new Error(`no variant is called ${options.only?.join(', ')}`);
  const rowsOut: string[][] = [];
  const agreement: string[] = [];
  let agreed = true;
  for (const variant of variants) {
    const rows = Math.round((options.rows ?? 4_000_000) * (variant.rows / 4_000_000));
    const { path, bytes } = table(variant, rows);
    requireSpace(cacheFolder(), bytes * 3);
    warm(path);
    const job = {
      input: path,
      columns: columnsOf(variant),
      rejects: variant.rejects > 0,
      threads: THREADS,
      limit: null,
    };
    const scores = await trial(variant.name, [ATLAS, DUCKDB, CLICKHOUSE].filter(wanted), job, options.runs);
    rowsOut.push(...tableRows(variant.name, bytes, scores));
    for (const line of await agreements(variant, scores)) {
      agreement.push(line.text);
      agreed &&= line.same || line.peer !== DUCKDB.name;
    }
    discard(scores);
    if (variant.name !== 'main' || !wanted(PARQUETJS)) continue;
    const head = table(variant, Math.min(rows, HEAD_ROWS));
    const headScores = await trial(
      'head',
      [ATLAS, DUCKDB, PARQUETJS].filter(wanted),
      { ...job, input: head.path },
      options.runs,
    );
    rowsOut.push(...tableRows(`main, first ${Math.min(rows, HEAD_ROWS)} rows`, head.bytes, headScores));
    for (const line of await agreements({ ...variant, name: 'head' }, headScores)) agreement.push(line.text);
    discard(headScores);
  }
  const caption = `${machine()}. Medians of ${options.runs} interleaved runs, whole processes; "time ÷ theirs" is ${ATLAS.name}'s time over that program's.`;
  const report = `${caption}\n\n${markdown(HEADINGS, rowsOut)}\n\n${agreement.join('\n')}`;
  console.log(`\n${report}`);
  if (options.readme) writeSection(join(repositoryRoot(), 'README.md'), 'benchmark', report);
  return agreed;
}

interface Agreement {
  readonly text: string;
  readonly same: boolean;
  readonly peer: string;
}

function tableRows(name: string, bytes: number, scores: readonly Score[]): string[][] {
  const ours = scores.find(({ subject }) => subject === ATLAS.name);
  return scores.map((score, index) => [
    index === 0 ? `${name}, ${(bytes / 1e6).toFixed(0)} MB` : '',
    score.subject,
    score.seconds.toFixed(2),
    score.cpuSeconds.toFixed(2),
    (bytes / 1e6 / score.seconds).toFixed(0),
    (score.peakBytes / 2 ** 20).toFixed(0),
    (score.outputBytes / 1e6).toFixed(1),
    ours && ours !== score ? `${(ours.seconds / score.seconds).toFixed(2)} ×` : '',
  ]);
}

async function agreements(variant: Variant, scores: readonly Score[]): Promise<readonly Agreement[]> {
  const [first, ...others] = scores;
  const found: Agreement[] = [];
  for (const other of first ? others : []) {
    const columns = columnsOf(variant).map(({ name, kind }) => ({ name, type: DUCKDB_TYPES[kind] }));
    const result = await compare(first?.output as string, other.output, columns);
    const same = result.onlyLeft === 0 && result.onlyRight === 0;
    found.push({
      same,
      peer: other.subject,
      text:
        `* ${variant.name}: ${first?.subject} (${result.rows[0]} rows) and ${other.subject} (${result.rows[1]} rows): ` +
        (same ? 'equal, EXCEPT ALL both ways' : `${result.onlyLeft} and ${result.onlyRight} rows are not in the other`),
    });
  }
  return found;
}

function markdown(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map((_, i) => (i < 2 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
