import type { RunEvent } from '../flow/run-event.ts';
import type { Io } from './io.ts';
import { type Paint, paintFor } from './paint.ts';
import { eventText, type Progress, progressText } from './progress-text.ts';
import type { Reporter } from './reporter.ts';

const REDRAW_MS = 100;

/** For a terminal: one live line per dataset under way, everything else above it. */
export class LiveReporter implements Reporter {
  readonly #io: Io;
  readonly #paint: Paint;
  readonly #running = new Map<string, Progress>();
  readonly #timer: NodeJS.Timeout;
  /** Live lines on the screen. */
  #drawn = 0;

  constructor(io: Io) {
    this.#io = io;
    this.#paint = paintFor(io.stderr);
    this.#timer = setInterval(() => this.#redraw([]), REDRAW_MS);
    this.#timer.unref();
  }

  hear(event: RunEvent): void {
    switch (event.type) {
      case 'dataset_started':
        this.#running.set(event.dataset, { startedAt: this.#io.now(), rows: 0, bytes: 0, totalBytes: event.bytes });
        return;
      case 'progress': {
        const before = this.#running.get(event.dataset);
        if (before) this.#running.set(event.dataset, { ...before, ...event });
        return;
      }
      case 'dataset_ended':
        this.#running.delete(event.dataset);
    }
    const text = eventText(event, this.#paint);
    this.#redraw(text ? [text] : []);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#running.clear();
    this.#redraw([]);
  }

  /** Wipes the live lines, writes `above` for good, and draws the live lines again below. */
  #redraw(above: readonly string[]): void {
    const { stderr, now } = this.#io;
    const live = [...this.#running].map(([dataset, progress]) =>
      cut(`${dataset}: ${progressText(progress, now())}`, stderr.columns - 1),
    );
    if (this.#drawn === 0 && live.length === 0 && above.length === 0) return;
    const wipe = this.#drawn > 0 ? `\u001b[${this.#drawn}A\u001b[J` : '';
    const lines = [...above, ...live.map((line) => this.#paint.cyan(line))];
    this.#drawn = live.length;
    stderr.write(wipe + lines.map((line) => `${line}\n`).join(''));
  }
}

function cut(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
