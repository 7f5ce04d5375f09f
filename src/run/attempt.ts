import type { Task } from '../flow/task.ts';
import { type LaneEvent, takesCredit } from './lane-event.ts';

type Waiter = { readonly resolve: (event: LaneEvent) => void; readonly reject: (error: unknown) => void };

/**
 * One reading of one task: a lane pushes events, the writer takes them in order. Once dropped it swallows everything and
 * gives every credit back at once.
 */
export class Attempt {
  readonly task: Task;
  /** Who reads it, and gets its credits back; null until somebody does. */
  lane: { giveBack(): void } | null = null;
  /** Rows and bytes reported so far, for progress. */
  rows = 0;
  bytes = 0;
  readonly began: Promise<number>;
  readonly #setBegan: (begin: number) => void;
  readonly #failBegan: (error: unknown) => void;
  readonly #events: LaneEvent[] = [];
  readonly #onPush: (rows: number, bytes: number) => void;
  #waiter: Waiter | null = null;
  #failure: { readonly error: unknown } | null = null;
  #dropped = false;

  /** `onPush` is called after every event, with the rows and bytes it reports (0 for all but progress). */
  constructor(task: Task, onPush: (rows: number, bytes: number) => void) {
    this.task = task;
    this.#onPush = onPush;
    const { promise, resolve, reject } = deferred<number>();
    this.began = promise;
    this.#setBegan = resolve;
    this.#failBegan = reject;
    promise.catch(() => {});
  }

  get dropped(): boolean {
    return this.#dropped;
  }

  push(event: LaneEvent): void {
    if (this.#dropped) this.taken(event);
    else if (event.type === 'began') this.#setBegan(event.begin);
    else if (event.type === 'progress') {
      this.rows += event.rows;
      this.bytes += event.bytes;
      this.#onPush(event.rows, event.bytes);
      return;
    } else this.#deliver(event);
    this.#onPush(0, 0);
  }

  /** Ends the attempt with an error; events pushed before are still handed out. */
  fail(error: unknown): void {
    if (this.#failure) return;
    this.#failure = { error };
    this.#failBegan(error);
    const waiter = this.#waiter;
    this.#waiter = null;
    waiter?.reject(error);
  }

  /** The next event; throws what the attempt failed with. Call `taken` when done with it. */
  async next(): Promise<LaneEvent> {
    const event = this.#events.shift();
    if (event) return event;
    if (this.#failure) throw this.#failure.error;
    return new Promise<LaneEvent>((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  /** The writer is done with an event. */
  taken(event: LaneEvent): void {
    if (takesCredit(event)) this.lane?.giveBack();
  }

  /** Forgets what was read: the task began elsewhere than was guessed. */
  drop(): void {
    this.#dropped = true;
    for (const event of this.#events.splice(0)) this.taken(event);
  }

  #deliver(event: LaneEvent): void {
    const waiter = this.#waiter;
    this.#waiter = null;
    if (waiter) waiter.resolve(event);
    else this.#events.push(event);
  }
}

function deferred<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
