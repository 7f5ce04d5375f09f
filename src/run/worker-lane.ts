import { type MessagePort, Worker } from 'node:worker_threads';
import { AtlasError } from '../errors.ts';
import type { Json } from '../flow/task.ts';
import type { Attempt } from './attempt.ts';
import type { Lane } from './lane.ts';
import { LANE_CREDITS, takesCredit } from './lane-event.ts';
import type { FromWorker, LaneOrder, ToWorker } from './lane-message.ts';
import { unpackError } from './packed-error.ts';

/** The compiled worker, from the build and from the sources under test alike. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? '../../dist/run/worker.js' : './worker.js', import.meta.url);

/** JavaScript heap of a thread (rows and fragments lie outside): beyond it the thread ends, not the process. */
const HEAP = { maxOldGenerationSizeMb: 512 };

/** A lane in a thread of its own. A thread that ends by itself fails its task with ATLAS_WORKER_DIED. */
export class WorkerLane implements Lane {
  readonly #worker: Worker;
  #credits = LANE_CREDITS;
  #attempt: Attempt | null = null;
  #free: (() => void) | null = null;
  #dead: AtlasError | null = null;

  /** `entry` = what the thread runs. */
  constructor(order: LaneOrder, name: string, entry: URL = ENTRY) {
    this.#worker = new Worker(entry, { workerData: order, name, resourceLimits: HEAP });
    this.#worker.on('message', (message: FromWorker) => this.#hear(message));
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', (code) => this.#die(new Error(`its exit code is ${code}`)));
  }

  get exhausted(): boolean {
    return this.#credits === 0;
  }

  /** Tells the thread what the survey decided, and where it reads (`Source.share`); once, before the first task. */
  survey(state: Json, port: MessagePort | null = null): void {
    this.#post({ type: 'surveyed', state, port }, port === null ? [] : [port]);
  }

  giveBack(): void {
    this.#credits++;
    this.#post({ type: 'credit' });
  }

  run(attempt: Attempt): Promise<void> {
    if (this.#dead) {
      attempt.fail(this.#dead);
      return new Promise(() => {});
    }
    return new Promise((resolve) => {
      this.#attempt = attempt;
      this.#free = resolve;
      this.#post({ type: 'read', task: attempt.task });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#worker.removeAllListeners();
    this.#worker.on('error', () => {});
    await this.#worker.terminate();
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'event':
        if (takesCredit(message.event)) this.#credits--;
        this.#attempt?.push(message.event);
        return;
      case 'failed':
        this.#attempt?.fail(unpackError(message.error));
        return;
      case 'idle': {
        const free = this.#free;
        this.#attempt = null;
        this.#free = null;
        free?.();
      }
    }
  }

  #die(cause: Error): void {
    this.#dead ??= new AtlasError('ATLAS_WORKER_DIED', `a worker thread ended unexpectedly: ${cause.message}`, {
      cause,
    });
    this.#attempt?.fail(this.#dead);
  }

  #post(message: ToWorker, transfer: readonly MessagePort[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
