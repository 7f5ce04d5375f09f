import { randomBytes } from 'node:crypto';
import { FaultBed, type Layout } from './fault-bed.ts';
import { tryFault, type Verdict } from './fault-trial.ts';

export interface Seeds {
  readonly first: number;
  readonly count: number;
  /** Seeds at a time, on targets, proxies and ledgers of their own. */
  readonly beds: number;
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** Tries so many seeds against a real HDFS, two of three on a target of one file. */
export async function trySeeds(
  nameNode: string,
  { first, count, beds, onVerdict }: Seeds,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  let next = first;
  const open = (layout: Layout) => FaultBed.open(layout, nameNode, `/faults/${randomBytes(6).toString('hex')}`);
  const work = async (): Promise<void> => {
    await using file = await open('file');
    await using folder = await open('folder');
    while (next < first + count) {
      const seed = next++;
      const verdict = await tryFault(seed % 3 === 2 ? folder : file, seed);
      verdicts.push(verdict);
      onVerdict?.(verdict);
    }
  };
  await Promise.all(Array.from({ length: beds }, work));
  return verdicts;
}
