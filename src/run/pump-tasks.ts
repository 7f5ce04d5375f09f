import type { TaskTally } from '../flow/tally.ts';
import type { Task } from '../flow/task.ts';
import { Attempt } from './attempt.ts';
import type { Lane } from './lane.ts';
import type { LaneEvent } from './lane-event.ts';

/** What becomes of the events of accepted tasks: called in task order, one at a time. */
export interface TaskWriter {
  /** Data of the task; answers false where nothing more is wanted. */
  write(event: Exclude<LaneEvent, { type: 'began' | 'done' | 'progress' }>, task: Task): Promise<boolean>;
  /** The task is over; answers false where nothing more is wanted. */
  end(task: Task, tally: TaskTally): Promise<boolean>;
}

export interface PumpOptions {
  readonly signal: AbortSignal;
  readonly lanes: readonly Lane[];
  /** A lane for the rare moment when every lane waits for the writer, and the writer for a task nobody can read. */
  readonly spare: () => Promise<Lane>;
  /** Rows and bytes read since the last call; negative where a reading was dropped. */
  readonly onProgress: (rows: number, bytes: number) => void;
}

/** Tasks that may be read ahead of the one being written, per lane. */
const AHEAD = 8;

/**
 * Reads tasks on all lanes and hands their events to the writer in task order. A task that `follows` is read ahead with a
 * guessed begin; it is accepted only if the task before it ended exactly there, else dropped and read again with the true
 * one: no task is read more than twice, and what the writer sees is the same whatever the number of lanes.
 */
export async function pumpTasks(tasks: readonly Task[], writer: TaskWriter, options: PumpOptions): Promise<void> {
  const pump = new Pump(tasks, writer, options);
  await pump.run();
}

class Pump {
  readonly #tasks: readonly Task[];
  readonly #writer: TaskWriter;
  readonly #options: PumpOptions;
  readonly #idle: Lane[];
  readonly #attempts = new Map<number, Attempt>();
  /** Readings that the writer waits for, before all others. */
  readonly #urgent: Attempt[] = [];
  #next = 0;
  #current = 0;
  /** Where the last accepted task ended. */
  #end = 0;
  #stopped: { readonly reason: unknown } | null = null;

  constructor(tasks: readonly Task[], writer: TaskWriter, options: PumpOptions) {
    this.#tasks = tasks;
    this.#writer = writer;
    this.#options = options;
    this.#idle = [...options.lanes];
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const stop = (): void => this.#stop(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      for (const task of this.#tasks) if (!(await this.#take(task))) return;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#stop(new Error('the pump has ended'));
    }
  }

  /** Takes one task to its end; answers false where the writer wants no more. */
  async #take(task: Task): Promise<boolean> {
    this.#current = task.index;
    let attempt = this.#attempts.get(task.index) ?? this.#begin(this.#located(task), true);
    this.#feed();
    if (task.follows && attempt.task.begin === null) {
      const began = await attempt.began.catch((error: unknown) => {
        this.#throwIfStopped();
        // a wrong guess may fail in ways that the true begin does not
        return { error };
      });
      if (began !== this.#end) {
        this.#options.onProgress(-attempt.rows, -attempt.bytes);
        attempt.drop();
        attempt = this.#begin(this.#located(task), true);
        this.#feed();
      }
    }
    try {
      return await this.#consume(task, attempt);
    } finally {
      this.#attempts.delete(task.index);
    }
  }

  async #consume(task: Task, attempt: Attempt): Promise<boolean> {
    for (;;) {
      const event = await attempt.next();
      if (event.type === 'done') {
        this.#end = event.tally.end;
        return this.#writer.end(task, event.tally);
      }
      if (event.type === 'fragment' || event.type === 'rejects') {
        const more = await this.#writer.write(event, task);
        attempt.taken(event);
        if (!more) return false;
      }
    }
  }

  /** The task with the begin that is known by now. */
  #located(task: Task): Task {
    return task.follows ? { ...task, begin: this.#end } : task;
  }

  #begin(task: Task, urgent: boolean): Attempt {
    const attempt = new Attempt(task, (rows, bytes) => {
      if (rows !== 0 || bytes !== 0) this.#options.onProgress(rows, bytes);
      this.#relieve();
    });
    this.#attempts.set(task.index, attempt);
    this.#next = Math.max(this.#next, task.index + 1);
    if (urgent) this.#urgent.push(attempt);
    return attempt;
  }

  /** Gives every idle lane something to read. */
  #feed(): void {
    while (this.#stopped === null && this.#idle.length > 0) {
      // a lane without credit could not hand over what the writer waits for
      const free = this.#idle.findIndex((lane) => !lane.exhausted);
      const attempt = (free < 0 ? undefined : this.#urgent.shift()) ?? this.#ahead();
      if (!attempt) break;
      const [lane] = this.#idle.splice(Math.max(0, free), 1);
      this.#start(lane as Lane, attempt);
    }
    this.#relieve();
  }

  #start(lane: Lane, attempt: Attempt): void {
    attempt.lane = lane;
    void lane.run(attempt).then(() => {
      this.#idle.push(lane);
      this.#feed();
    });
  }

  /** Where every lane waits for the writer, the reading that the writer waits for goes to the spare lane. */
  #relieve(): void {
    if (this.#urgent.length === 0 || !this.#options.lanes.every((lane) => lane.exhausted)) return;
    const attempt = this.#urgent.shift() as Attempt;
    this.#options.spare().then(
      (lane) => {
        attempt.lane = lane;
        return lane.run(attempt);
      },
      (error: unknown) => attempt.fail(error),
    );
  }

  /** The next task nobody reads yet, if it may be read ahead; a single lane never guesses. */
  #ahead(): Attempt | null {
    const { lanes } = this.#options;
    if (lanes.length === 1 || this.#next >= this.#current + AHEAD * lanes.length) return null;
    const task = this.#tasks[this.#next];
    return task ? this.#begin(task, false) : null;
  }

  #stop(reason: unknown): void {
    this.#stopped ??= { reason };
    for (const attempt of this.#attempts.values()) attempt.fail(reason);
  }

  #throwIfStopped(): void {
    if (this.#stopped) throw this.#stopped.reason;
  }
}
