import { setImmediate as turn } from 'node:timers/promises';
import type { Fragment } from '../../src/flow/fragment.ts';
import type { TaskTally } from '../../src/flow/tally.ts';
import type { Task } from '../../src/flow/task.ts';
import type { Attempt } from '../../src/run/attempt.ts';
import { Credits } from '../../src/run/credits.ts';
import type { Lane } from '../../src/run/lane.ts';
import { LANE_CREDITS } from '../../src/run/lane-event.ts';

/** What reading a task from somewhere gives. */
export interface FakeReading {
  readonly begin: number;
  readonly end: number;
  readonly fragments: readonly string[];
  readonly failure?: Error;
}

export interface FakeWorld {
  /** A task read from `begin` (null = guess). */
  read(task: Task, begin: number | null): FakeReading;
  /** Turns of the event loop before the next step. */
  delay(): number;
}

/** A lane without reader and encoder: plays a world's readings, with the credits of a real one. */
export class FakeLane implements Lane {
  readonly reads: { readonly task: number; readonly begin: number | null }[] = [];
  /** Events handed over and not yet given back, now and at most. */
  held = 0;
  mostHeld = 0;
  readonly #world: FakeWorld;
  readonly #credits = new Credits(LANE_CREDITS);
  readonly #never = new AbortController();

  constructor(world: FakeWorld) {
    this.#world = world;
  }

  get exhausted(): boolean {
    return this.#credits.free === 0;
  }

  giveBack(): void {
    this.held--;
    this.#credits.give();
  }

  async run(attempt: Attempt): Promise<void> {
    const { task } = attempt;
    this.reads.push({ task: task.index, begin: task.begin });
    const { begin, end, fragments, failure } = this.#world.read(task, task.begin);
    await this.#wait();
    attempt.push({ type: 'began', begin });
    for (const name of fragments) {
      await this.#wait();
      await this.#credits.take(this.#never.signal);
      this.held++;
      this.mostHeld = Math.max(this.mostHeld, this.held);
      attempt.push({ type: 'progress', rows: 1, bytes: 1 });
      attempt.push({ type: 'fragment', fragment: fragmentOf(name) });
    }
    await this.#wait();
    if (failure) attempt.fail(failure);
    else attempt.push({ type: 'done', tally: tallyOf(begin, end, fragments.length) });
  }

  async #wait(): Promise<void> {
    for (let left = this.#world.delay(); left > 0; left--) await turn();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

export function fragmentOf(name: string): Fragment {
  return { rows: 1, bytes: new Uint8Array(0), rawBytes: 1, partition: null, facts: name };
}

export function tallyOf(begin: number, end: number, rows: number): TaskTally {
  const spans = { header: 0, skipped: 0, blank: 0, comment: 0, row: end - begin, reject: 0 };
  return { begin, end, lines: rows, rowsRead: rows, rowsRejected: 0, spans, stopped: false };
}
