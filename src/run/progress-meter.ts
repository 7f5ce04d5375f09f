import type { RunEvent } from '../flow/run-event.ts';

const INTERVAL_MS = 100;

/** Sums up what lanes report and tells it on, at most ten times a second. */
export class ProgressMeter {
  readonly #dataset: string;
  readonly #totalBytes: number | null;
  readonly #tell: (event: RunEvent) => void;
  readonly #rejected: () => number;
  #rows = 0;
  #bytes = 0;
  #told = 0;

  constructor(dataset: string, totalBytes: number | null, tell: (event: RunEvent) => void, rejected: () => number) {
    this.#dataset = dataset;
    this.#totalBytes = totalBytes;
    this.#tell = tell;
    this.#rejected = rejected;
  }

  add(rows: number, bytes: number): void {
    this.#rows += rows;
    this.#bytes += bytes;
    const now = performance.now();
    if (now - this.#told < INTERVAL_MS) return;
    this.#told = now;
    this.#tell({
      type: 'progress',
      dataset: this.#dataset,
      rows: this.#rows,
      rejected: this.#rejected(),
      bytes: this.#bytes,
      totalBytes: this.#totalBytes,
    });
  }
}
