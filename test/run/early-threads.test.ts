import { expect, it } from 'vitest';
import type { DatasetPlan } from '../../src/flow/dataset-plan.ts';
import { openStores } from '../../src/registry.ts';
import { EarlyThreads } from '../../src/run/early-threads.ts';
import { Project } from './project.ts';

async function started(path: string, workers: number): Promise<number> {
  const plan = { dataset: 't', source: { path, sliceBytes: 64 } } as unknown as DatasetPlan;
  await using early = await EarlyThreads.start({ plan, stores: openStores({}), loadedAt: 0n, workers, rejectLimit: 1 });
  const lanes = early.take(8);
  expect(early.take(8)).toEqual([]);
  await Promise.all(lanes.map((lane) => lane[Symbol.asyncDispose]()));
  return lanes.length;
}

it('starts threads early for one large file alone, and no more than it has slices', async () => {
  using project = new Project();
  project.write('large.csv', 'x'.repeat(64 * 3));
  project.write('small.csv', 'x'.repeat(64));
  expect(await started(project.path('large.csv'), 2)).toBe(2);
  expect(await started(project.path('large.csv'), 5)).toBe(3);
  expect(await started(project.path('large.csv'), 1)).toBe(0);
  expect(await started(project.path('small.csv'), 2)).toBe(0);
  expect(await started(project.path('absent.csv'), 2)).toBe(0);
  expect(await started(project.path('*.csv'), 2)).toBe(0);
  expect(await started('-', 2)).toBe(0);
});
