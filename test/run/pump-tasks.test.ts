import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/flow/task.ts';
import { LANE_CREDITS } from '../../src/run/lane-event.ts';
import { pumpTasks, type TaskWriter } from '../../src/run/pump-tasks.ts';
import { FakeLane, type FakeReading, type FakeWorld } from './fake-lane.ts';

/** One task of a file as it truly is. */
interface TaskTruth {
  /** false = the first task of a file. */
  readonly follows: boolean;
  /** How far the true end of the task lies behind its nominal one. */
  readonly overshoot: number;
  /** The reader that guesses finds the true begin. */
  readonly guessesRight: boolean;
  readonly fragments: number;
}

const SLICE = 100;

const truths = fc.array(
  fc.record({
    follows: fc.boolean(),
    overshoot: fc.integer({ min: 0, max: 30 }),
    guessesRight: fc.boolean(),
    fragments: fc.integer({ min: 0, max: 5 }),
  }),
  { minLength: 1, maxLength: 12 },
);

function worldOf(
  tasks: readonly TaskTruth[],
  delays: readonly number[],
): FakeWorld & { readonly tasks: readonly Task[] } {
  const follows = (index: number): boolean => index > 0 && (tasks[index] as TaskTruth).follows;
  const position = (index: number): number => (follows(index) ? position(index - 1) + 1 : 0);
  const endOf = (index: number): number => (position(index) + 1) * SLICE + (tasks[index] as TaskTruth).overshoot;
  const beginOf = (index: number): number => (follows(index) ? endOf(index - 1) : 0);
  let next = 0;
  return {
    tasks: tasks.map((_, index) => ({
      index,
      follows: follows(index),
      begin: follows(index) ? null : 0,
      bytes: SLICE,
      slice: null,
    })),
    read(task, begin): FakeReading {
      const truth = tasks[task.index] as TaskTruth;
      const at = begin ?? (truth.guessesRight ? beginOf(task.index) : beginOf(task.index) + 1);
      const right = at === beginOf(task.index);
      const fragments = Array.from({ length: truth.fragments }, (_, part) => `${task.index}@${at}#${part}`);
      return { begin: at, end: right ? endOf(task.index) : endOf(task.index) + 7, fragments };
    },
    delay: () => delays[next++ % Math.max(1, delays.length)] ?? 0,
  };
}

/** Writes down what it is given, slowly. */
class Recorder implements TaskWriter {
  readonly written: string[] = [];
  readonly ended: number[] = [];

  async write(event: Parameters<TaskWriter['write']>[0]): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    if (event.type === 'fragment') this.written.push(String(event.fragment.facts));
    return true;
  }

  async end(task: Task): Promise<boolean> {
    this.ended.push(task.index);
    return true;
  }
}

async function pump(world: ReturnType<typeof worldOf>, count: number) {
  const lanes = Array.from({ length: count }, () => new FakeLane(world));
  const spare = new FakeLane(world);
  const recorder = new Recorder();
  let rows = 0;
  await pumpTasks(world.tasks, recorder, {
    signal: new AbortController().signal,
    lanes,
    spare: async () => spare,
    onProgress: (more) => {
      rows += more;
    },
  });
  return { recorder, lanes, spare, rows };
}

describe('the pump', () => {
  it('writes the same in the same order whatever the lanes, reads no task more than twice, and buffers little', async () => {
    const seed = Date.now() % 2 ** 31;
    console.log(`seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(
        truths,
        fc.integer({ min: 2, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 20 }),
        async (tasks, count, delays) => {
          const one = await pump(worldOf(tasks, delays), 1);
          const many = await pump(worldOf(tasks, delays), count);
          expect(many.recorder.written).toEqual(one.recorder.written);
          expect(many.recorder.ended).toEqual(tasks.map((_, index) => index));
          expect(many.rows).toBe(one.recorder.written.length);
          const reads = [...many.lanes, many.spare].flatMap((lane) => lane.reads.map(({ task }) => task));
          for (const index of tasks.keys())
            expect(reads.filter((read) => read === index).length).toBeLessThanOrEqual(2);
          const single = one.lanes.flatMap((lane) => lane.reads.map(({ task }) => task));
          expect(single).toEqual(tasks.map((_, index) => index));
          for (const lane of [...many.lanes, many.spare]) {
            expect(lane.mostHeld).toBeLessThanOrEqual(LANE_CREDITS);
            expect(lane.held).toBe(0);
          }
        },
      ),
      { numRuns: 150, seed },
    );
  });

  it('does not wait for ever where every lane is full of later tasks and a task must be read again', async () => {
    const streams = Array.from({ length: 4 }, () => ({
      follows: false,
      overshoot: 0,
      guessesRight: true,
      fragments: LANE_CREDITS + 3,
    }));
    const tasks = [
      { follows: false, overshoot: 5, guessesRight: true, fragments: 1 },
      { follows: true, overshoot: 5, guessesRight: false, fragments: 1 },
      ...streams,
    ];
    // the first task ends last: all others are read ahead until no lane has credit left
    const world = worldOf(tasks, [0]);
    const read = world.read;
    let first = true;
    world.delay = () => {
      const slow = first;
      first = false;
      return slow ? 200 : 0;
    };
    const { recorder, spare } = await pump({ ...world, read, delay: world.delay }, 3);
    expect(recorder.ended).toEqual([0, 1, 2, 3, 4, 5]);
    expect(recorder.written).toContain('1@105#0');
    expect(spare.reads).toEqual([{ task: 1, begin: 105 }]);
  });

  it('names the first failing task of the input, not the first to fail', async () => {
    const tasks = [0, 1, 2].map(() => ({ follows: true, overshoot: 0, guessesRight: true, fragments: 1 }));
    const world = worldOf(tasks, [0]);
    const failing: FakeWorld & { tasks: readonly Task[] } = {
      ...world,
      read: (task, begin) => ({
        ...world.read(task, begin),
        ...(task.index > 0 ? { failure: new Error(`task ${task.index}`) } : {}),
      }),
      delay: () => 1,
    };
    for (const lanes of [1, 2, 3]) await expect(pump(failing, lanes)).rejects.toThrow('task 1');
  });

  it('reads again what failed from a wrong begin', async () => {
    const tasks = [0, 1].map(() => ({ follows: true, overshoot: 3, guessesRight: false, fragments: 1 }));
    const world = worldOf(tasks, [0]);
    const failing = {
      ...world,
      read: (task: Task, begin: number | null): FakeReading => ({
        ...world.read(task, begin),
        ...(task.index === 1 && begin === null ? { failure: new Error('only from the wrong begin') } : {}),
      }),
    };
    const { recorder } = await pump(failing, 2);
    expect(recorder.written).toEqual(['0@0#0', '1@103#0']);
  });

  it('stops where it stands when it is aborted', async () => {
    const world = worldOf([{ follows: false, overshoot: 0, guessesRight: true, fragments: 3 }], [1_000_000]);
    const controller = new AbortController();
    const running = pumpTasks(world.tasks, new Recorder(), {
      signal: controller.signal,
      lanes: [new FakeLane(world)],
      spare: async () => new FakeLane(world),
      onProgress: () => {},
    });
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(running).rejects.toThrow('enough');
  });
});
