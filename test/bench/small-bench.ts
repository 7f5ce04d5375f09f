import { join } from 'node:path';
import { cacheFolder, table } from './cache.ts';
import { machine } from './machine.ts';
import { type Command, measure, median } from './measure.ts';
import { ATLAS, repositoryRoot, THREADS } from './subjects.ts';
import { columnsOf, VARIANTS, type Variant } from './variant.ts';

/** How long the small things take: a file of 100 rows, `--version`, `--help`, and Node itself for scale. */
export async function smallBench(options: { readonly runs: number }): Promise<boolean> {
  const variant = VARIANTS[0] as Variant;
  const { path } = table(variant, 100);
  const bin = join(repositoryRoot(), 'bin', 'atlas-ingest.js');
  const output = join(cacheFolder(), 'small.parquet');
  const job = { input: path, output, columns: columnsOf(variant), rejects: false, threads: THREADS, limit: null };
  const cases: readonly (readonly [string, () => Command, number | null])[] = [
    ['node -e 0', () => ({ args: ['-e', '0'] }), null],
    ['atlas-ingest --version', () => ({ args: [bin, '--version'] }), 0.15],
    ['atlas-ingest --help', () => ({ args: [bin, '--help'] }), 0.15],
    ['atlas-ingest run, 100 rows', () => ATLAS.command(job), 0.4],
  ];
  const times = cases.map((): number[] => []);
  const cpu = cases.map((): number[] => []);
  for (let run = 0; run < Math.max(options.runs, 10); run++) {
    for (const [index, [, command]] of cases.entries()) {
      const { seconds, cpuSeconds } = await measure(command());
      times[index]?.push(seconds);
      cpu[index]?.push(cpuSeconds);
    }
  }
  console.log(`\n${machine()}. Medians of ${times[0]?.length} interleaved runs.\n`);
  let held = true;
  for (const [index, [name, , bound]] of cases.entries()) {
    const seconds = median(times[index] as number[]);
    held &&= bound === null || seconds <= bound;
    const limit = bound === null ? '' : ` (at most ${bound * 1000})`;
    const busy = median(cpu[index] as number[]);
    console.log(`* ${name}: ${(seconds * 1000).toFixed(0)} ms${limit}, CPU ${(busy * 1000).toFixed(0)} ms`);
  }
  return held;
}
