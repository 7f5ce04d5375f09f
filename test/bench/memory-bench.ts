import { cacheFolder, requireSpace, table } from './cache.ts';
import { machine } from './machine.ts';
import { ATLAS, THREADS } from './subjects.ts';
import { discard, type Score, trial } from './trial.ts';
import { columnsOf, VARIANTS, type Variant } from './variant.ts';

/** Large over small input. */
const FACTOR = 11;

/** Peak memory and time on about 450 MB and 5 GB: the peak may grow by a fifth, the time with the input. */
export async function memoryBench(options: { readonly rows: number | null; readonly runs: number }): Promise<boolean> {
  const variant = VARIANTS[0] as Variant;
  const rows = options.rows ?? variant.rows;
  requireSpace(cacheFolder(), rows * FACTOR * 300);
  const scores: Score[] = [];
  const sizes: number[] = [];
  for (const count of [rows, rows * FACTOR]) {
    const { path, bytes } = table(variant, count);
    const job = { input: path, columns: columnsOf(variant), rejects: false, threads: THREADS, limit: null };
    const found = await trial(`memory-${count}`, [ATLAS], job, options.runs);
    discard(found);
    scores.push(...found);
    sizes.push(bytes);
  }
  const [small, large] = scores as [Score, Score];
  const [smallBytes, largeBytes] = sizes as [number, number];
  const peak = large.peakBytes / small.peakBytes;
  const pace = large.seconds / largeBytes / (small.seconds / smallBytes);
  console.log(`\n${machine()}. Medians of ${options.runs} runs.\n`);
  scores.forEach((score, index) => {
    console.log(
      `* ${((sizes[index] as number) / 1e6).toFixed(0)} MB: ${score.seconds.toFixed(2)} s, ` +
        `peak RSS ${(score.peakBytes / 2 ** 20).toFixed(0)} MiB`,
    );
  });
  console.log(`* peak RSS, large over small: ${peak.toFixed(2)} × (at most 1.20)`);
  console.log(`* seconds per byte, large over small: ${pace.toFixed(2)} × (at most 1.20)`);
  return peak <= 1.2 && pace <= 1.2;
}
