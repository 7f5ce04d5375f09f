import type { Batch, BatchColumn } from '../../../batch/batch.ts';
import type { Schema } from '../../../batch/schema.ts';
import { AtlasError } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Reject } from '../../../flow/reject.ts';
import type { Abortable, BatchReader, Delivery } from '../../../flow/source.ts';
import type { Spans, TaskTally } from '../../../flow/tally.ts';
import { BytesFeed } from '../../feed/bytes-feed.ts';
import type { Window } from '../../feed/window.ts';
import type { Input } from '../../input.ts';
import { PartReader } from '../../lines/part-reader.ts';
import { poisonBatch } from '../../poison-batch.ts';
import { RejectCollector } from '../../reject/reject-collector.ts';
import { unreadableReason } from '../encoding/unreadable-reason.ts';
import type { CsvParser } from '../parser/parser.ts';
import { planParser } from '../parser/parser-plan.ts';
import type { CsvState, SurveyedFile } from '../survey/survey-state.ts';
import { parseReplayLine, type ReplayLine } from './replay-line.ts';
import { replayLines, type TextLine } from './replay-lines.ts';
import type { ReplaySlice } from './replay-slice.ts';
import { isEmptied, longestLine, rawBytes } from './replay-survey.ts';

export interface ReplayReaderOptions {
  readonly plan: CsvSourcePlan;
  readonly parser: CsvParser;
  readonly window: Window;
  readonly schema: Schema;
  readonly kernel: Batch['kernel'];
  readonly loadedAt: bigint;
  /** Where released batches are to be poisoned: the columns that are the same in all of them. */
  readonly fixed: ReadonlySet<number> | null;
  readonly state: CsvState;
  readonly file: Input;
  readonly slice: ReplaySlice;
  /** Raw bytes of the lines before the slice. */
  readonly begin: number;
  readonly rejectLimit: number;
}

/** A row that is being read. */
interface Row {
  readonly line: ReplayLine;
  readonly reader: PartReader;
  readonly rejects: Reject[];
}

/** Rejects that are handed over with the next batch, at most; then an empty batch carries them. */
const CARRIED = 256;

/**
 * Reads rejects once more, each by itself as the input that it came from was read: what one of them opens (a quote) ends with it. Its
 * text may hold several records by now, or none. Positions count the raw bytes of the lines, one after the other.
 */
export class ReplayReader implements BatchReader {
  readonly #options: ReplayReaderOptions;
  readonly #lines: AsyncIterator<TextLine, void>;
  readonly #files: ReadonlyMap<string, SurveyedFile>;
  readonly #columns: readonly string[];
  #configured: SurveyedFile | null = null;
  #row: Row | null = null;
  #carried: Reject[] = [];
  #leased = false;
  #state: 'reading' | 'ended' | 'disposed' = 'reading';
  #stopped = false;
  #position = 0;
  #textRead = 0;
  #delivered = 0;
  #rejected = 0;
  readonly #spans: { -readonly [K in keyof Spans]: number };

  constructor(options: ReplayReaderOptions) {
    this.#options = options;
    const { file, slice, plan, state } = options;
    this.#lines = replayLines(file, slice, longestLine(plan));
    this.#files = new Map(state.files.map((each) => [each.name, each]));
    this.#columns = plan.features.map(({ from }) => from);
    this.#spans = { header: 0, skipped: 0, blank: 0, comment: 0, row: 0, reject: 0 };
  }

  get begin(): number {
    return this.#options.begin;
  }

  get bytesRead(): number {
    return this.#textRead;
  }

  async next({ signal }: Abortable): Promise<Delivery | null> {
    if (this.#leased) throw new AtlasError('ATLAS_INTERNAL', 'next was called before the batch was released');
    if (this.#state === 'disposed') throw new AtlasError('ATLAS_INTERNAL', 'next was called on a closed reader');
    while (this.#state === 'reading') {
      signal.throwIfAborted();
      const step = await this.#row?.reader.step(signal);
      if (step) {
        this.#row?.rejects.push(...step.rejects);
        if (step.rows > 0) return this.#deliver(step.rows, step.columns);
        continue;
      }
      this.#endRow();
      if (this.#carried.length >= CARRIED) return this.#deliver(0, this.#noColumns());
      if (!(await this.#beginRow())) this.#state = 'ended';
    }
    return this.#carried.length > 0 ? this.#deliver(0, this.#noColumns()) : null;
  }

  tally(): TaskTally {
    if (this.#state === 'reading') throw new AtlasError('ATLAS_INTERNAL', 'tally was called before next answered null');
    return {
      begin: this.begin,
      end: this.begin + this.#position,
      // lines are those of the inputs, and stand in every reject already
      lines: 0,
      rowsRead: this.#delivered + this.#rejected,
      rowsRejected: this.#rejected,
      spans: this.#spans,
      stopped: this.#stopped,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'disposed';
    await this.#options.file[Symbol.asyncDispose]();
  }

  #deliver(rows: number, columns: readonly BatchColumn[]): Delivery {
    const { schema, kernel, rejectLimit, fixed } = this.#options;
    const rejects = this.#carried.splice(0, Math.max(0, rejectLimit - this.#rejected));
    this.#delivered += rows;
    this.#rejected += rejects.length;
    if (this.#rejected >= rejectLimit) {
      this.#stopped = true;
      this.#state = 'ended';
      this.#carried = [];
    }
    this.#leased = true;
    const release = (): void => {
      if (!this.#leased) return;
      this.#leased = false;
      if (fixed) poisonBatch(batch, fixed);
    };
    const batch: Batch = { schema, rows, columns, kernel, closesGroup: false, release };
    return { batch, rejects, packed: [] };
  }

  /** Goes on to the next line that holds something; false where there is none. */
  async #beginRow(): Promise<boolean> {
    const { file, slice, plan, window, parser } = this.#options;
    for (;;) {
      const answer = await this.#lines.next();
      if (answer.done) return false;
      this.#textRead = answer.value.end - slice.from;
      const line = parseReplayLine(answer.value.text, file.path, answer.value.number);
      if (isEmptied(line)) continue;
      const bytes = rawBytes(line);
      const why = unreadableReason(line, plan);
      if (why !== null) {
        const { line: place, text: raw, base64: rawBase64, ...rest } = line;
        this.#carried.push({ ...rest, line: place - 1, column: null, ...why, raw, rawBase64 });
        this.#spans.reject += bytes.length;
        this.#position += bytes.length;
        return true;
      }
      this.#configure(line.file);
      await window.open(new BytesFeed(bytes), 0);
      const part = {
        begin: 0,
        to: null,
        sliceBytes: Number.MAX_SAFE_INTEGER,
        linesBefore: line.line - 1,
        absoluteLines: line.line - 1,
      };
      const reader = new PartReader(parser, window, new RejectCollector(line.file, this.#columns), part);
      this.#row = { line, reader, rejects: [] };
      return true;
    }
  }

  #endRow(): void {
    const row = this.#row;
    if (row === null) return;
    this.#row = null;
    const { reader, line, rejects } = row;
    this.#position += reader.position;
    this.#spans.header += reader.headerBytes;
    this.#spans.blank += reader.blankBytes;
    this.#spans.comment += reader.commentBytes;
    this.#spans.row += reader.rowBytes;
    this.#spans.reject += reader.rejectBytes;
    const { offset, length } = line;
    for (const [index, reject] of rejects.entries()) {
      this.#carried.push({ ...reject, offset, length, record: recordOf(line, index, rejects.length) });
    }
  }

  #configure(name: string): void {
    const { parser, plan, state, loadedAt } = this.#options;
    const file = this.#files.get(name);
    if (file && file === this.#configured) return;
    const layout = file?.layout === null || file === undefined ? undefined : state.layouts[file.layout];
    if (!file || !layout) throw new AtlasError('ATLAS_INTERNAL', `the run knows no layout of ${JSON.stringify(name)}`);
    parser.configure(planParser(plan, file, layout, loadedAt));
    this.#configured = file;
  }

  /** The columns of a batch without rows. */
  #noColumns(): readonly BatchColumn[] {
    const { parser, state } = this.#options;
    if (this.#configured === null) {
      const laidOut = state.files.find(({ layout }) => layout !== null);
      this.#configure(laidOut?.name ?? '');
    }
    return parser.parse(0, 0, { final: true, limit: 0, lineBase: 1 }).columns;
  }
}

/** Several rejects of one span are told apart by number, those of such a one by number and number. */
function recordOf({ record }: ReplayLine, index: number, count: number): string | null {
  if (count === 1) return record;
  return record === null ? String(index + 1) : `${record}.${index + 1}`;
}
