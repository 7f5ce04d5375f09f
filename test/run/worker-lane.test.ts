import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/flow/task.ts';
import { Attempt } from '../../src/run/attempt.ts';
import type { LaneOrder } from '../../src/run/lane-message.ts';
import { WorkerLane } from '../../src/run/worker-lane.ts';
import { Project } from './project.ts';

const task: Task = { index: 0, follows: false, begin: 0, bytes: 1, slice: null };

/** A lane whose thread runs this script instead of the worker. */
async function withLane(script: string, use: (lane: WorkerLane) => Promise<void>): Promise<void> {
  using project = new Project();
  const path = project.path('worker.mjs');
  writeFileSync(path, `import { parentPort } from 'node:worker_threads';\n${script}`);
  await using lane = new WorkerLane({} as LaneOrder, 'test', pathToFileURL(path));
  await use(lane);
}

describe('a worker that ends by itself', () => {
  it.each([
    ['throws', "parentPort.on('message', () => { throw new Error('out of luck'); });", /out of luck/],
    ['exits', "parentPort.on('message', () => process.exit(7));", /exit code is 7/],
    ['does not even start', "throw new Error('no start');", /no start/],
    [
      'runs out of memory',
      "parentPort.on('message', () => { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); });",
      /memory/,
    ],
  ])('%s: its task fails with ATLAS_WORKER_DIED', { timeout: 120_000 }, async (_how, script, message) => {
    await withLane(script, async (lane) => {
      const attempt = new Attempt(task, () => {});
      void lane.run(attempt);
      await expect(attempt.next()).rejects.toMatchObject({ code: 'ATLAS_WORKER_DIED' });
      await expect(attempt.next()).rejects.toThrow(message);
      const later = new Attempt(task, () => {});
      void lane.run(later);
      await expect(later.next()).rejects.toMatchObject({ code: 'ATLAS_WORKER_DIED' });
    });
  });
});

it('tells when it has no credit left, and takes them back', async () => {
  const script = `
    const fragment = () => ({ rows: 1, bytes: new Uint8Array(8), rawBytes: 1, partition: null, facts: null });
    parentPort.on('message', (message) => {
      if (message.type === 'credit') return;
      for (let at = 0; at < 2; at++) parentPort.postMessage({ type: 'event', event: { type: 'fragment', fragment: fragment() } });
      parentPort.postMessage({ type: 'idle' });
    });`;
  await withLane(script, async (lane) => {
    const attempt = new Attempt(task, () => {});
    attempt.lane = lane;
    await lane.run(attempt);
    expect(lane.exhausted).toBe(true);
    attempt.taken(await attempt.next());
    expect(lane.exhausted).toBe(false);
    attempt.drop();
    expect(lane.exhausted).toBe(false);
  });
});
