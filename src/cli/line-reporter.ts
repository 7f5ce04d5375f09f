import type { RunEvent } from '../flow/run-event.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { eventText, type Progress, progressText } from './progress-text.ts';
import type { Reporter } from './reporter.ts';

const EVERY_MS = 60_000;

/** For logs and pipes: a line when something starts or ends, and one a minute in between. */
export class LineReporter implements Reporter {
  readonly #io: Io;
  readonly #running = new Map<string, Progress>();
  readonly #timer: NodeJS.Timeout;

  constructor(io: Io) {
    this.#io = io;
    this.#timer = setInterval(() => this.#tick(), EVERY_MS);
    this.#timer.unref();
  }

  hear(event: RunEvent): void {
    if (event.type === 'dataset_started') {
      this.#running.set(event.dataset, { startedAt: this.#io.now(), rows: 0, bytes: 0, totalBytes: event.bytes });
    } else if (event.type === 'progress') {
      const before = this.#running.get(event.dataset);
      if (before) this.#running.set(event.dataset, { ...before, ...event });
      return;
    } else if (event.type === 'dataset_ended') this.#running.delete(event.dataset);
    const text = eventText(event, paintFor(this.#io.stderr));
    if (text) this.#io.stderr.write(`${text}\n`);
  }

  #tick(): void {
    for (const [dataset, progress] of this.#running) {
      this.#io.stderr.write(`${dataset}: ${progressText(progress, this.#io.now())}\n`);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
