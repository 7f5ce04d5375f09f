import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../batch/batch.ts';
import type { Schema } from '../../batch/schema.ts';
import { AtlasError } from '../../errors.ts';
import type { ParquetSourcePlan } from '../../flow/dataset-plan.ts';
import type { Reject } from '../../flow/reject.ts';
import type { Abortable, BatchReader, Delivery } from '../../flow/source.ts';
import type { Spans, TaskTally } from '../../flow/tally.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { poisonBatch } from '../poison-batch.ts';
import { type Binding, takenLeaves } from './bind-features.ts';
import type { BatchMaker, MadeBatch } from './column/batch-maker.ts';
import type { Group, ParquetFile } from './file/parquet-file.ts';
import type { ParquetInput } from './file/parquet-input.ts';
import { GroupReader } from './group-reader.ts';
import type { PageLimits } from './page/chunk-pages.ts';
import type { ParquetSlice } from './parquet-state.ts';
import { rejectRows } from './reject-rows.ts';

/** Everything that a task is read with. */
export interface TaskContext {
  readonly schema: Schema;
  readonly plan: ParquetSourcePlan;
  readonly kernel: Kernel;
  readonly maker: BatchMaker;
  readonly input: ParquetInput;
  readonly file: ParquetFile;
  readonly bindings: readonly Binding[];
  /** What rejects call the file. */
  readonly name: string;
  readonly slice: ParquetSlice;
  readonly limits: PageLimits;
  readonly rejectLimit: number;
  /** Poison batches when they are released. */
  readonly debug: boolean;
}

const NOTHING: ReadonlySet<number> = new Set();

/** Reads the row groups of one task, one after the other. */
export class TaskReader implements BatchReader {
  readonly begin: number;
  readonly #context: TaskContext;
  #group: number;
  #reader: GroupReader | null = null;
  #leased = false;
  #disposed = false;
  #ended = false;
  #stopped = false;
  #delivered = 0;
  #rejected = 0;
  #bytesRead = 0;

  constructor(context: TaskContext) {
    this.#context = context;
    this.begin = context.slice.begin;
    this.#group = context.slice.first;
  }

  get bytesRead(): number {
    return this.#bytesRead + (this.#reader?.bytesRead ?? 0);
  }

  async next(options: Abortable): Promise<Delivery | null> {
    options.signal.throwIfAborted();
    if (this.#disposed) throw new AtlasError('ATLAS_INTERNAL', 'the reader was disposed');
    if (this.#leased) throw new AtlasError('ATLAS_INTERNAL', 'the batch before was not released');
    // local reads may all be done at once: signals and timers must get through
    await setImmediate();
    options.signal.throwIfAborted();
    while (!this.#ended) {
      const reader = this.#open();
      if (reader === null) break;
      const row = reader.row;
      const made = await reader.next(options);
      if (made !== null) return this.#deliver(made, reader, row);
      this.#bytesRead += reader.bytesRead;
      this.#reader = null;
      this.#group += 1;
    }
    this.#ended = true;
    return null;
  }

  tally(): TaskTally {
    if (!this.#ended) throw new AtlasError('ATLAS_INTERNAL', 'tally was called before next answered null');
    const { slice } = this.#context;
    return {
      begin: this.begin,
      end: this.#stopped ? this.begin : slice.end,
      lines: 0,
      rowsRead: this.#delivered + this.#rejected,
      rowsRejected: this.#rejected,
      spans: this.#spans(),
      stopped: this.#stopped,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#context.input[Symbol.asyncDispose]();
  }

  #open(): GroupReader | null {
    const { slice, file, input, bindings, maker, limits } = this.#context;
    if (this.#group >= slice.last) return null;
    this.#reader ??= new GroupReader(input, file.groups[this.#group] as Group, bindings, maker, limits);
    return this.#reader;
  }

  #deliver(made: MadeBatch, reader: GroupReader, row: number): Delivery {
    const { schema, kernel, rejectLimit, debug } = this.#context;
    const rejects = this.#rejects(made, reader, row).slice(0, rejectLimit - this.#rejected);
    this.#delivered += made.rows;
    this.#rejected += rejects.length;
    this.#stopped = this.#rejected >= rejectLimit;
    this.#ended = this.#stopped;
    this.#leased = true;
    const batch: Batch = {
      schema,
      rows: made.rows,
      columns: made.columns,
      kernel,
      closesGroup: false,
      release: () => {
        if (!this.#leased) return;
        this.#leased = false;
        if (debug) poisonBatch(batch, NOTHING);
      },
    };
    return { batch, rejects, packed: [] };
  }

  #rejects(made: MadeBatch, reader: GroupReader, row: number): readonly Reject[] {
    const { bindings, plan, name, file } = this.#context;
    const starts = (file.groups[this.#group] as Group).chunks.map(({ start }) => start);
    const offset = starts.length === 0 ? 0 : Math.min(...starts);
    return rejectRows(made, reader.sources(), bindings, plan, { file: name, row, offset });
  }

  /** Column chunks taken count as rows, as far as their pages were walked; others as skipped; what lies between them as header. */
  #spans(): Spans {
    const spans = { header: 0, skipped: 0, blank: 0, comment: 0, row: 0, reject: 0 };
    if (this.#stopped) return spans;
    const { slice, file, bindings } = this.#context;
    const taken = takenLeaves(bindings);
    let chunks = 0;
    let others = 0;
    for (const group of file.groups.slice(slice.first, slice.last)) {
      for (const { start, end, leaf } of group.chunks) {
        chunks += end - start;
        if (!taken.has(leaf.index)) others += end - start;
      }
    }
    // bytes of a chunk behind its last page are nobody's
    const slack = chunks - others - this.#bytesRead;
    return { ...spans, header: slice.end - slice.begin - chunks + slack, skipped: others, row: this.#bytesRead };
  }
}
