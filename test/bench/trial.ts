import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import type { Job } from './job.ts';
import { type Measurement, measure, median, script } from './measure.ts';
import type { ComparedColumn, Comparison } from './peers/compare.ts';
import type { Subject } from './subjects.ts';

/** Medians of one subject on one table. */
export interface Score {
  readonly subject: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly outputBytes: number;
  readonly output: string;
  readonly runs: number;
}

/** Runs every subject on the same job `runs` times, interleaved, each in a process of its own; answers medians. */
export async function trial(
  label: string,
  subjects: readonly Subject[],
  job: Omit<Job, 'output'>,
  runs: number,
): Promise<readonly Score[]> {
  const outputOf = (subject: Subject): string =>
    join(cacheFolder(), `${label}-${subject.name.replace(/\W+/g, '-')}.parquet`);
  const measured = new Map<Subject, Measurement[]>(subjects.map((subject) => [subject, []]));
  for (let run = 0; run < runs; run++) {
    for (const subject of subjects) {
      const output = outputOf(subject);
      rmSync(output, { force: true });
      const result = await measure(subject.command({ ...job, output }));
      measured.get(subject)?.push(result);
      console.error(
        `${label} ${run + 1}/${runs} ${subject.name}: ${result.seconds.toFixed(2)} s, ` +
          `CPU ${result.cpuSeconds.toFixed(2)} s, peak ${(result.peakBytes / 2 ** 20).toFixed(0)} MiB`,
      );
    }
  }
  return subjects.map((subject) => {
    const all = measured.get(subject) as Measurement[];
    return {
      subject: subject.name,
      seconds: median(all.map(({ seconds }) => seconds)),
      cpuSeconds: median(all.map(({ cpuSeconds }) => cpuSeconds)),
      peakBytes: median(all.map(({ peakBytes }) => peakBytes)),
      outputBytes: statSync(outputOf(subject)).size,
      output: outputOf(subject),
      runs,
    };
  });
}

/** Compares two outputs in a process of its own. */
export async function compare(left: string, right: string, columns: readonly ComparedColumn[]): Promise<Comparison> {
  const { stdout } = await measure({ args: [script('./peers/compare.js'), JSON.stringify({ left, right, columns })] });
  return JSON.parse(stdout) as Comparison;
}

/** Removes what the trial wrote. */
export function discard(scores: readonly Score[]): void {
  for (const { output } of scores) {
    rmSync(output, { force: true });
    rmSync(`${output}.home`, { recursive: true, force: true });
  }
}
