import { setImmediate } from 'node:timers/promises';
import type { BatchColumn } from '../../batch/batch.ts';
import { AtlasError } from '../../errors.ts';
import type { Reject } from '../../flow/reject.ts';
import type { RejectBlock } from '../../flow/reject-block.ts';
import type { Window } from '../feed/window.ts';
import type { RejectCollector } from '../reject/reject-collector.ts';
import type { LineParser, ParseOutcome } from './line-parser.ts';

/** The records of one file that start in a range, as the parser will see them. */
export interface Part {
  /** Position of the first byte, where a record starts. */
  readonly begin: number;
  /** No record is read that starts at or after it; null = the end of the input. */
  readonly to: number | null;
  /** Where a row group ends within the part (a stream has many): multiples of it, in bytes. */
  readonly sliceBytes: number;
  /** Physical lines before `begin`: for rejects counted from the start of task or file, for `@line` from the start of the file. */
  readonly linesBefore: number;
  readonly absoluteLines: number;
}

export interface PartStep {
  readonly rows: number;
  readonly columns: readonly BatchColumn[];
  readonly rejects: readonly Reject[];
  readonly packed: readonly RejectBlock[];
  readonly closesGroup: boolean;
}

/** Bytes after which signals and timers get their turn, however busy the reader is. */
const TURN = 4 << 20;

/** Drives parser and window over one part: one step for each batch. */
export class PartReader {
  readonly #parser: LineParser;
  readonly #window: Window;
  readonly #collector: RejectCollector;
  readonly #part: Part;
  #boundary: number;
  #done = false;
  #turn: number;
  /** Counted by the parser, in the whole part. */
  lines = 0;
  rowBytes = 0;
  rejectBytes = 0;
  blankBytes = 0;
  commentBytes = 0;
  headerBytes = 0;

  /** The window stands, open, at the part's begin; the parser is set up for its file. */
  constructor(parser: LineParser, window: Window, collector: RejectCollector, part: Part) {
    this.#parser = parser;
    this.#window = window;
    this.#collector = collector;
    this.#part = part;
    this.#turn = part.begin + TURN;
    this.#boundary = (Math.floor(part.begin / part.sliceBytes) + 1) * part.sliceBytes;
  }

  get position(): number {
    return this.#window.position;
  }

  /** The next batch, with the rejects on the way to it, or null. */
  async step(signal: AbortSignal): Promise<PartStep | null> {
    while (!this.#done) {
      if (this.position >= this.#turn) {
        await setImmediate();
        signal.throwIfAborted();
        this.#turn = this.position + TURN;
      }
      const outcome = this.#parse();
      const rejects = this.#take(outcome);
      const closesGroup = await this.#goOn(outcome);
      const last = this.#done ? [...rejects, ...this.#collector.finish()] : rejects;
      const packed = this.#collector.takePacked();
      if (outcome.rows === 0 && last.length === 0 && packed.length === 0 && !closesGroup) continue;
      return { rows: outcome.rows, columns: outcome.columns, rejects: last, packed, closesGroup };
    }
    return null;
  }

  #parse(): ParseOutcome {
    const window = this.#window;
    return this.#parser.parse(window.from, window.to, {
      final: window.final,
      limit: Math.max(0, window.offsetOf(this.#boundary)),
      lineBase: this.#part.absoluteLines + this.lines + 1,
    });
  }

  #take(outcome: ParseOutcome): readonly Reject[] {
    const rejects = this.#collector.collect(outcome.rejects, this.#window, this.#part.linesBefore + this.lines);
    this.lines += outcome.lines;
    this.rowBytes += outcome.rowBytes;
    this.rejectBytes += outcome.rejectBytes;
    this.blankBytes += outcome.blankBytes;
    this.commentBytes += outcome.commentBytes;
    this.headerBytes += outcome.headerBytes;
    this.#window.pass(outcome.consumed);
    return rejects;
  }

  /** Prepares the next call; answers whether a row group ends here. */
  async #goOn(outcome: ParseOutcome): Promise<boolean> {
    const window = this.#window;
    switch (outcome.stop) {
      case 'full':
        return false;
      case 'end':
        this.#done = true;
        return false;
      case 'starved':
        if (window.final) throw new AtlasError('ATLAS_INTERNAL', 'the parser asks for more bytes than the input has');
        await window.refill(outcome.consumed === 0);
        this.#done = window.final && window.from === window.to;
        return false;
      case 'limit':
        return this.#crossBoundary();
    }
  }

  async #crossBoundary(): Promise<boolean> {
    const { to, sliceBytes } = this.#part;
    const window = this.#window;
    await window.restart();
    if (window.final && window.from === window.to) {
      this.#done = true;
      return false;
    }
    if (to !== null && window.position >= to) this.#done = true;
    this.#boundary = (Math.floor(window.position / sliceBytes) + 1) * sliceBytes;
    return true;
  }
}
