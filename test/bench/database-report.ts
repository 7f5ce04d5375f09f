import type { DatabaseJob } from './database-job.ts';
import type { DatabaseReader } from './database-readers.ts';
import { COMPARED } from './database-table.ts';
import { type Measurement, median } from './measure.ts';
import { compare } from './trial.ts';

/** What is promised: time over that of the server's own client, which throws the rows away; bytes of memory. */
const MOST_TIME: Readonly<Record<DatabaseJob['kind'], number>> = { postgresql: 1.5, mysql: 2 };
const MOST_MEMORY = 300e6;

/** Prints medians, whether the files agree, and each goal with what was reached; answers whether all is as promised. */
export async function reportDatabase(
  kind: DatabaseJob['kind'],
  rows: number,
  readers: readonly DatabaseReader[],
  measured: ReadonlyMap<string, readonly Measurement[]>,
): Promise<boolean> {
  const medians = readers.map((reader) => ({ reader, ...medianOf(measured.get(reader.name) ?? []) }));
  for (const { reader, seconds, cpuSeconds, peakBytes } of medians) {
    const pace = `${(rows / seconds / 1e6).toFixed(2)} M rows/s`;
    const peak = `peak RSS ${(peakBytes / 1e6).toFixed(0)} MB`;
    console.log(`* ${reader.name}: ${seconds.toFixed(2)} s, ${pace}, CPU ${cpuSeconds.toFixed(2)} s, ${peak}`);
  }
  const same = await agree(readers);
  return judge(kind, medians) && same;
}

interface Medians {
  readonly reader: DatabaseReader;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Prints each goal and what was reached; answers whether all were. */
function judge(kind: DatabaseJob['kind'], medians: readonly Medians[]): boolean {
  const of = (role: DatabaseReader['role']): readonly Medians[] => medians.filter(({ reader }) => reader.role === role);
  const [ours, limit] = [of('ours')[0], of('limit')[0]];
  if (ours === undefined || limit === undefined) return false;
  const goal = (text: string, reached: number, most: number): boolean => {
    console.log(`* ${text}: ${reached.toFixed(2)} × (at most ${most})`);
    return reached <= most;
  };
  const kept = [goal(`time over that of ${limit.reader.name}`, ours.seconds / limit.seconds, MOST_TIME[kind])];
  for (const { reader, seconds } of of('peer'))
    kept.push(goal(`over that of ${reader.name}`, ours.seconds / seconds, 1));
  console.log(`* peak RSS: ${(ours.peakBytes / 1e6).toFixed(0)} MB (at most ${MOST_MEMORY / 1e6})`);
  return kept.every(Boolean) && ours.peakBytes <= MOST_MEMORY;
}

/** Whether all Parquet files hold the same rows, judged by DuckDB. */
async function agree(readers: readonly DatabaseReader[]): Promise<boolean> {
  const [first, ...others] = readers.flatMap(({ name, output }) => (output === null ? [] : [{ name, output }]));
  let same = true;
  for (const other of first === undefined ? [] : others) {
    const { rows, onlyLeft, onlyRight } = await compare(first?.output as string, other.output, COMPARED);
    const equal = onlyLeft === 0 && onlyRight === 0;
    const told = equal ? 'equal, EXCEPT ALL both ways' : `${onlyLeft} and ${onlyRight} rows are not in the other`;
    console.log(`* ${first?.name} (${rows[0]} rows) and ${other.name} (${rows[1]} rows): ${told}`);
    same &&= equal;
  }
  return same;
}

function medianOf(all: readonly Measurement[]): Omit<Medians, 'reader'> {
  return {
    seconds: median(all.map(({ seconds }) => seconds)),
    cpuSeconds: median(all.map(({ cpuSeconds }) => cpuSeconds)),
    peakBytes: median(all.map(({ peakBytes }) => peakBytes)),
  };
}
