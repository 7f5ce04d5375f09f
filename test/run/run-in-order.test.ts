import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { DatasetPlan } from '../../src/flow/dataset-plan.ts';
import type { Outcome, Receipt } from '../../src/flow/receipt.ts';
import { runInOrder } from '../../src/run/run-in-order.ts';

const planOf = (dataset: string, ...needs: string[]) => ({ dataset, needs }) as unknown as DatasetPlan;
const receiptOf = (dataset: string, outcome: Outcome, failed: boolean) =>
  ({ dataset, outcome, error: failed ? { code: 'ATLAS_INTERNAL', message: '' } : null }) as Receipt;

async function play(plans: readonly DatasetPlan[], atOnce: number, bad: readonly string[] = []) {
  const log: string[] = [];
  let running = 0;
  let most = 0;
  const receipts = await runInOrder(plans, atOnce, async ({ dataset }, failed) => {
    log.push(failed === null ? dataset : `${dataset} without ${failed}`);
    most = Math.max(most, ++running);
    await sleep(1);
    running--;
    if (failed !== null) return receiptOf(dataset, 'skipped', true);
    return receiptOf(dataset, bad.includes(dataset) ? 'failed' : 'published', bad.includes(dataset));
  });
  return { log, most, receipts: receipts.map(({ dataset }) => dataset) };
}

it('runs in document order, one at a time', async () => {
  const { log, most } = await play([planOf('a'), planOf('b'), planOf('c')], 1);
  expect(log).toEqual(['a', 'b', 'c']);
  expect(most).toBe(1);
});

it('runs several at a time, each after what it needs, and answers in document order', async () => {
  const plans = [planOf('a'), planOf('b', 'a'), planOf('c'), planOf('d', 'c', 'a')];
  const { log, most, receipts } = await play(plans, 3);
  expect(most).toBe(2);
  expect(log.slice(0, 2)).toEqual(['a', 'c']);
  expect(receipts).toEqual(['a', 'b', 'c', 'd']);
});

it('tells a dataset what it lacks, and those that need it in turn', async () => {
  const { log } = await play([planOf('a'), planOf('b', 'a'), planOf('c', 'b'), planOf('d')], 1, ['a']);
  expect(log).toEqual(['a', 'b without a', 'c without b', 'd']);
});

it('does not miss what was not selected', async () => {
  expect((await play([planOf('b', 'a')], 1)).log).toEqual(['b']);
});

it('waits for what runs where one throws, and starts nothing more', async () => {
  const log: string[] = [];
  const running = runInOrder([planOf('a'), planOf('b'), planOf('c')], 2, async ({ dataset }) => {
    if (dataset === 'a') throw new Error('the ledger is gone');
    await sleep(5);
    log.push(dataset);
    return receiptOf(dataset, 'published', false);
  });
  await expect(running).rejects.toThrow('the ledger is gone');
  expect(log).toEqual(['b']);
});
