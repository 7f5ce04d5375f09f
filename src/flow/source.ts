import type { MessagePort } from 'node:worker_threads';
import type { Batch } from '../batch/batch.ts';
import type { Schema } from '../batch/schema.ts';
import type { ColumnSet } from './drift.ts';
import type { Fragment } from './fragment.ts';
import type { Reject } from './reject.ts';
import type { RejectBlock } from './reject-block.ts';
import type { TaskTally } from './tally.ts';
import type { Json, Task } from './task.ts';
import type { SurveyedWatermark } from './watermark.ts';

export interface Abortable {
  readonly signal: AbortSignal;
}

/** One input as it was when it was surveyed; a reader that finds another identity fails. */
export interface InputIdentity {
  readonly path: string;
  /** Bytes as stored; null for a pipe. */
  readonly bytes: number | null;
  /** What must not change between the survey and the last read (device, inode, size, mtime); null for a pipe. */
  readonly identity: string | null;
}

/** What a look at the inputs found: enough to plan, nothing read to the end. */
export interface Survey {
  readonly inputs: readonly InputIdentity[];
  readonly tasks: readonly Task[];
  /** Decided by looking (header, mapping of columns, line ending), and needed by readers in other threads. */
  readonly state: Json;
  /** For people: ignored columns, files that order columns differently, empty files. */
  readonly notes: readonly string[];
  /** No record in any input, as far as can be known without reading (empty or header-only files). */
  readonly empty: boolean;
  /** Columns of the input that no feature takes. */
  readonly ignored: readonly string[];
  /** The columns of the inputs that name them, in the order of the first input of each set; none where no input does. */
  readonly columns: readonly ColumnSet[];
  /** Bytes that the spans of all tasks must tile; null where they are known only when read (compressed inputs, pipes). */
  readonly contentBytes: number | null;
  /** Of a replay: lines of the reject file that hold a row. */
  readonly rejects?: number;
  /** Of a database whose plan has a `range`, and of nothing else. `empty` is true where the range holds no row. */
  readonly watermark?: SurveyedWatermark;
  /** Rows of all tasks together, by the server's own count in the same snapshot: a run that reads another number fails. */
  readonly rows?: number;
}

export interface ReadOptions {
  /** Stop after this many rejects in the task (Infinity = never). */
  readonly rejectLimit: number;
  /** Hand rejects over packed, where the source can: they come in one form or the other, never in both. */
  readonly packRejects?: boolean;
}

/** What `next` answers: a batch (perhaps of 0 rows) and the rejects met on the way to it. */
export interface Delivery {
  readonly batch: Batch;
  readonly rejects: readonly Reject[];
  readonly packed: readonly RejectBlock[];
}

/** Reads one task, batch by batch, in order; the same task gives the same batches. */
export interface BatchReader extends AsyncDisposable {
  /** Where the task's first record starts: known once the first `next` answered. */
  readonly begin: number;
  /** Stored bytes of the input taken so far, for progress; undefined where the reader does not know. */
  readonly bytesRead?: number;
  next(options: Abortable): Promise<Delivery | null>;
  /**
   * Left out where rows come in batches. Else `next` is not called: these are the bytes of the input, which the sink takes as they are. Each
   * fragment is a piece, the last one says what all of them are.
   */
  pass?(options: Abortable): AsyncIterable<Fragment>;
  /** Call after `next` answered null, or all pieces were taken. */
  tally(): TaskTally;
}

/** Where rows come from. One per thread; the survey is made once and its `state` handed to the others. */
export interface Source extends AsyncDisposable {
  readonly schema: Schema;
  /** The instance whose memory batches lie in; the encoder of the same lane works in it too. */
  readonly kernel: Batch['kernel'];
  survey(options: Abortable): Promise<Survey>;
  read(task: Task, state: Json, options: ReadOptions & Abortable): Promise<BatchReader>;
  /**
   * After the survey: a port through which a source of the same plan in another thread reads what this one has opened (sessions that see
   * one snapshot). Left out by sources that each open their own input.
   */
  share?(): MessagePort;
  /** In the other thread, before the first `read`. */
  join?(port: MessagePort): void;
  /** Fails with ATLAS_INPUT_CHANGED if an input is not what the survey saw. */
  confirm(inputs: readonly InputIdentity[], options: Abortable): Promise<void>;
}
