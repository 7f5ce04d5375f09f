import { expect, it } from 'vitest';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { trySeeds } from './try-seeds.ts';

const RUNS = 80;

describeWithHadoop('faults between a run and HDFS', (hadoop) => {
  it(`leave exactly one whole target or the old one, in ${RUNS} of them`, { timeout: 300_000 }, async () => {
    const first = Number(process.env['ATLAS_FAULT_SEED'] ?? 1000);
    console.log(`faults on HDFS: seed ${first} (ATLAS_FAULT_SEED)`);
    const verdicts = await trySeeds(hadoop().url, { first, count: RUNS, beds: 6 });
    const broken = verdicts.filter(({ problems }) => problems.length > 0);
    expect(broken.map(({ about, outcome, problems }) => ({ about, outcome, problems }))).toEqual([]);
    expect(verdicts.filter(({ fell }) => fell).length).toBeGreaterThan(RUNS / 2);
  });
});
