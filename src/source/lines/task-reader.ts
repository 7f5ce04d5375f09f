import type { Batch } from '../../batch/batch.ts';
import type { Schema } from '../../batch/schema.ts';
import { AtlasError } from '../../errors.ts';
import type { Abortable, BatchReader, Delivery, ReadOptions } from '../../flow/source.ts';
import type { Spans, TaskTally, UntakenKeys } from '../../flow/tally.ts';
import type { ByteFeed } from '../feed/byte-feed.ts';
import { poisonBatch } from '../poison-batch.ts';
import { cutRejectBlocks } from '../reject/cut-reject-blocks.ts';
import type { PartReader, PartStep } from './part-reader.ts';

/** A file of the task, opened: its feed, and the reader of its records (null where it has none). */
export interface OpenPart {
  readonly feed: ByteFeed;
  readonly reader: PartReader | null;
  /** The file's own bytes are read, not inflated or transcoded: how far the reader is, is how much was taken. */
  readonly plain: boolean;
  /** Position in the file where the task's share begins. */
  readonly begin: number;
  /** Bytes and lines of the share that precede the first record. */
  readonly before: {
    readonly header: number;
    readonly skipped: number;
    readonly blank: number;
    readonly comment: number;
    readonly lines: number;
  };
}

export interface TaskReaderOptions extends Pick<ReadOptions, 'rejectLimit'> {
  /** Where released batches are to be poisoned: the columns that are the same in all of them. */
  readonly fixed: ReadonlySet<number> | null;
  /** Answers, once the task is read, which keys of its lines no feature takes. */
  readonly untaken?: () => UntakenKeys;
}

const NONE: Spans = { header: 0, skipped: 0, blank: 0, comment: 0, row: 0, reject: 0 };

/** Reads the files of a task one after the other, and counts. */
export class TaskReader implements BatchReader {
  readonly #schema: Schema;
  readonly #kernel: Batch['kernel'];
  readonly #parts: AsyncIterator<OpenPart>;
  readonly #rejectLimit: number;
  readonly #fixed: ReadonlySet<number> | null;
  readonly #untaken: (() => UntakenKeys) | null;
  #part: OpenPart | null = null;
  #leased = false;
  #state: 'reading' | 'ended' | 'disposed' = 'reading';
  #begin: number | null = null;
  #end = 0;
  #bytesRead = 0;
  #lines = 0;
  #delivered = 0;
  #rejected = 0;
  #spans: Spans = NONE;
  #stopped = false;

  constructor(
    schema: Schema,
    kernel: Batch['kernel'],
    parts: AsyncIterator<OpenPart>,
    { rejectLimit, fixed, untaken }: TaskReaderOptions,
  ) {
    this.#schema = schema;
    this.#kernel = kernel;
    this.#parts = parts;
    this.#rejectLimit = rejectLimit;
    this.#fixed = fixed;
    this.#untaken = untaken ?? null;
  }

  get begin(): number {
    if (this.#begin === null) throw new AtlasError('ATLAS_INTERNAL', 'begin is known once next has answered');
    return this.#begin;
  }

  get bytesRead(): number {
    return this.#bytesRead + this.#taken();
  }

  async next({ signal }: Abortable): Promise<Delivery | null> {
    if (this.#leased) throw new AtlasError('ATLAS_INTERNAL', 'next was called before the batch was released');
    if (this.#state === 'disposed')
      throw new AtlasError('ATLAS_INTERNAL', 'next was called on a reader that is closed');
    while (this.#state === 'reading') {
      signal.throwIfAborted();
      if (!this.#part && !(await this.#openNext())) break;
      const step = (await this.#part?.reader?.step(signal)) ?? null;
      if (step) return this.#deliver(step);
      await this.#closePart();
    }
    this.#state = 'ended';
    return null;
  }

  tally(): TaskTally {
    if (this.#state === 'reading') throw new AtlasError('ATLAS_INTERNAL', 'tally was called before next answered null');
    return {
      begin: this.begin,
      end: this.#end,
      lines: this.#lines,
      rowsRead: this.#delivered + this.#rejected,
      rowsRejected: this.#rejected,
      spans: this.#spans,
      stopped: this.#stopped,
      ...(this.#untaken === null ? {} : { untaken: this.#untaken() }),
    };
  }

  async #openNext(): Promise<boolean> {
    const answer = await this.#parts.next();
    if (answer.done) return false;
    this.#part = answer.value;
    if (this.#begin === null) {
      this.#begin = answer.value.begin;
      this.#end = answer.value.begin;
    }
    return true;
  }

  #deliver(step: PartStep): Delivery {
    const room = this.#rejectLimit - this.#rejected;
    const rejects = step.rejects.length > room ? step.rejects.slice(0, room) : step.rejects;
    const packed = cutRejectBlocks(step.packed, room);
    this.#rejected += packed.reduce((sum, { count }) => sum + count, rejects.length);
    this.#delivered += step.rows;
    this.#stopped = this.#rejected >= this.#rejectLimit;
    if (this.#stopped) {
      this.#countPart();
      this.#state = 'ended';
    }
    this.#leased = true;
    const batch: Batch = {
      schema: this.#schema,
      rows: step.rows,
      columns: step.columns,
      kernel: this.#kernel,
      closesGroup: step.closesGroup,
      release: () => {
        if (!this.#leased) return;
        this.#leased = false;
        if (this.#fixed) poisonBatch(batch, this.#fixed);
      },
    };
    return { batch, rejects, packed };
  }

  async #closePart(): Promise<void> {
    const part = this.#part;
    if (part?.reader) part.feed.origin?.confirmEnd(part.reader.position);
    this.#countPart();
    this.#bytesRead += this.#taken();
    await part?.feed[Symbol.asyncDispose]();
    this.#part = null;
  }

  #taken(): number {
    const part = this.#part;
    if (!part) return 0;
    return part.plain && part.reader ? part.reader.position - part.begin : part.feed.taken;
  }

  #countPart(): void {
    const part = this.#part;
    if (!part) return;
    const { before, reader } = part;
    const spans = this.#spans;
    this.#spans = {
      header: spans.header + before.header + (reader?.headerBytes ?? 0),
      skipped: spans.skipped + before.skipped,
      blank: spans.blank + before.blank + (reader?.blankBytes ?? 0),
      comment: spans.comment + before.comment + (reader?.commentBytes ?? 0),
      row: spans.row + (reader?.rowBytes ?? 0),
      reject: spans.reject + (reader?.rejectBytes ?? 0),
    };
    this.#lines += before.lines + (reader?.lines ?? 0);
    const start = part.begin + before.header + before.skipped + before.blank + before.comment;
    const end = reader?.position ?? start;
    this.#end += end - part.begin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'disposed';
    await this.#part?.feed[Symbol.asyncDispose]();
    await this.#parts.return?.();
  }
}
