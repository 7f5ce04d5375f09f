import type { Attempt } from './attempt.ts';
import { Credits } from './credits.ts';
import type { Lane } from './lane.ts';
import { LANE_CREDITS, takesCredit } from './lane-event.ts';
import { type ReadTaskOptions, readTask } from './read-task.ts';
import type { Workbench } from './workbench.ts';

/** A lane in this very thread, for small inputs and single workers. Does not own its workbench. */
export class LocalLane implements Lane {
  readonly #bench: Workbench;
  readonly #options: ReadTaskOptions;
  readonly #credits = new Credits(LANE_CREDITS);
  readonly #ending = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(bench: Workbench, options: ReadTaskOptions) {
    this.#bench = bench;
    this.#options = { ...options, signal: AbortSignal.any([options.signal, this.#ending.signal]) };
  }

  get exhausted(): boolean {
    return this.#credits.free === 0;
  }

  giveBack(): void {
    this.#credits.give();
  }

  run(attempt: Attempt): Promise<void> {
    this.#running = this.#read(attempt);
    return this.#running;
  }

  async #read(attempt: Attempt): Promise<void> {
    try {
      for await (const event of readTask(this.#bench, attempt.task, this.#options)) {
        if (takesCredit(event)) await this.#credits.take(this.#options.signal);
        attempt.push(event);
      }
    } catch (error) {
      attempt.fail(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort(new Error('the lane is closed'));
    await this.#running;
  }
}
