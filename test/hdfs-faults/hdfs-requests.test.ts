import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { FaultBed } from './fault-bed.ts';

/** Of a run that replaces one file; every one of them is a way to the server and back. */
const MOST_REQUESTS = 48;

describeWithHadoop('what a run asks HDFS for', (hadoop) => {
  it('is little: two files made, one footer read, nothing set that is as it should be', async () => {
    await using bed = await FaultBed.open('file', hadoop().url, `/requests/${randomBytes(6).toString('hex')}`);
    await bed.run(1, 10);
    const { receipt, requests } = await bed.run(100, 20);
    expect(receipt.outcome).toBe('published');
    const count = (step: string) => bed.proxy.seen.filter((each) => each.step === step).length;
    const counted = ['CREATE 2', 'OPEN 2', 'GETFILECHECKSUM 2', 'RENAME over', 'SETPERMISSION', 'APPEND 2'].map(count);
    // the claim of the lock and the draft; the footer of what is published
    expect(counted).toEqual([2, 1, 1, 1, 0, 0]);
    const opened = bed.proxy.seen.filter(({ step }) => step === 'OPEN 2').map(({ path }) => path);
    expect(opened).toEqual([bed.target]);
    expect(requests).toBeLessThanOrEqual(MOST_REQUESTS);
  });
});
