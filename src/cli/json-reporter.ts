import type { RunEvent } from '../flow/run-event.ts';
import type { Io } from './io.ts';
import { logLine } from './log-line.ts';
import type { Reporter } from './reporter.ts';

const PROGRESS_MS = 60_000;

/** Every event as one JSON line with its time; progress once a minute. With `quiet` only warnings and failed datasets. */
export class JsonReporter implements Reporter {
  readonly #io: Io;
  readonly #quiet: boolean;
  readonly #lastProgress = new Map<string, number>();

  constructor(io: Io, quiet: boolean) {
    this.#io = io;
    this.#quiet = quiet;
  }

  hear(event: RunEvent): void {
    const now = this.#io.now();
    if (event.type === 'progress') {
      if (now - (this.#lastProgress.get(event.dataset) ?? now) < PROGRESS_MS) {
        if (!this.#lastProgress.has(event.dataset)) this.#lastProgress.set(event.dataset, now);
        return;
      }
      this.#lastProgress.set(event.dataset, now);
    }
    if (this.#quiet && !isProblem(event)) return;
    this.#io.stderr.write(logLine(event, this.#io));
  }

  [Symbol.dispose](): void {}
}

function isProblem(event: RunEvent): boolean {
  return event.type === 'dataset_ended' && event.receipt.outcome === 'failed';
}
