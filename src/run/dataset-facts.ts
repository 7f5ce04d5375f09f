import { AtlasError, CODES } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Drift } from '../flow/drift.ts';
import type { Outcome, Receipt, Replayed, SkippedInput } from '../flow/receipt.ts';
import type { InputIdentity } from '../flow/source.ts';
import type { Spans, TaskTally } from '../flow/tally.ts';
import type { ReceiptWatermark } from '../flow/watermark.ts';
import type { LastRun } from '../plan/drift/judge-drift.ts';
import { judgeKeys } from '../plan/drift/judge-keys.ts';
import { serverColumns } from '../plan/drift/server-columns.ts';
import { receiptSchema } from '../plan/receipt-schema.ts';
import type { SurveyedInputs } from './survey-inputs.ts';

const NO_SPANS: Spans = { header: 0, skipped: 0, blank: 0, comment: 0, row: 0, reject: 0 };

/** What is known about one dataset of one run so far: a receipt can be written from it at any moment. */
export class DatasetFacts {
  #plan: DatasetPlan;
  readonly #run: string;
  readonly #started = new Date();
  readonly #clock = performance.now();
  readonly notes: string[];
  inputs: readonly InputIdentity[] = [];
  /** Inputs that are not read. */
  skipped: readonly SkippedInput[] = [];
  /** SHA-256 of inputs by path, where they are remembered. */
  checksums: ReadonlyMap<string, string> = new Map();
  #columns: readonly string[] | null = null;
  #ignored: readonly string[] | null = null;
  #drift: Drift | null = null;
  /** The run whose columns the inputs are compared with: the one that published last, or null. */
  last: LastRun | null = null;
  readonly #untaken = new Set<string>();
  /** null where the source has no such thing. */
  #incomplete: boolean | null = null;
  target: string;
  workers = 1;
  rowsRead = 0;
  rowsRejected = 0;
  /** Rows that were left out as told, and never read: they are counted all the same. */
  rowsExcluded = 0;
  /** Rows of the fragments that were written. */
  rowsWritten = 0;
  spans: Spans | null = null;
  rejectPath: string | null = null;
  rejectsByCode: Receipt['rejects']['byCode'] = [];
  replays: Replayed | null = null;
  watermark: ReceiptWatermark | null = null;

  constructor(plan: DatasetPlan, run: string) {
    this.#plan = plan;
    this.#run = run;
    this.notes = [...plan.notes];
    this.target = plan.destination.path;
  }

  /** Takes on what a look at the inputs found: the final plan, and what drifted. */
  take({ plan, survey, columns, ignored, drift, recall, allKnown }: Omit<SurveyedInputs, 'bench'>): void {
    if (plan !== this.#plan) this.notes.splice(0, this.notes.length, ...plan.notes);
    this.notes.push(...recall.notes, ...survey.notes);
    this.#plan = plan;
    this.inputs = allKnown ? [] : survey.inputs;
    this.skipped = recall.skipped;
    this.#columns = columns;
    this.#ignored = ignored;
    this.#drift = drift;
  }

  /** Takes on where an incremental dataset begins and what it makes of its watermark. */
  follow(notes: readonly string[], watermark: ReceiptWatermark, excluded: number): void {
    this.notes.push(...notes);
    this.watermark = watermark;
    this.rowsExcluded = excluded;
    if (excluded === 0) return;
    this.notes.push(`${excluded} rows without a value in ${watermark.column} are left out, as nulls says, and counted`);
  }

  /** Adds what the reader of an accepted task counted. */
  add(tally: TaskTally): void {
    this.rowsRead += tally.rowsRead;
    this.rowsRejected += tally.rowsRejected;
    const sum = { ...(this.spans ?? NO_SPANS) } as { -readonly [K in keyof Spans]: number };
    for (const name of Object.keys(sum) as (keyof Spans)[]) sum[name] += tally.spans[name];
    this.spans = sum;
    if (tally.untaken === undefined) return;
    for (const name of tally.untaken.names) this.#untaken.add(name);
    this.#incomplete = this.#incomplete === true || tally.untaken.incomplete;
  }

  /** Decides about keys of JSON lines that no feature takes, once all are read: a sentence about them. Fails with ATLAS_DRIFT_FOUND. */
  judgeKeys(): string | null {
    if (this.#incomplete === null) return null;
    const keys = { names: [...this.#untaken], incomplete: this.#incomplete };
    const { columns, ignored, note } = judgeKeys(this.#plan, keys, this.last);
    this.#columns = columns;
    this.#ignored = ignored;
    if (note !== null) this.notes.push(note);
    return note;
  }

  /** Where reading ended early, the rejects met so far are known, and the rows read at least. */
  countRejects(total: number): void {
    if (total <= this.rowsRejected) return;
    this.rowsRejected = total;
    this.rowsRead = Math.max(this.rowsRead, this.rowsWritten + total);
  }

  /** The receipt as of now. `published` rows count only where the outcome is published. */
  receipt(outcome: Outcome, error: unknown = null): Receipt {
    const plan = this.#plan;
    const columnTypes = serverColumns(plan.source);
    return {
      receiptVersion: 1,
      run: this.#run,
      ocs: plan.ocs,
      dataset: plan.dataset,
      outcome,
      planHash: plan.hash,
      startedAt: this.#started.toISOString(),
      endedAt: new Date().toISOString(),
      seconds: Math.round(performance.now() - this.#clock) / 1000,
      workers: this.workers,
      inputs: this.inputs.map(({ path, bytes }) => {
        const sha256 = this.checksums.get(path);
        return { path, bytes, ...(sha256 === undefined ? {} : { sha256 }) };
      }),
      ...(this.skipped.length > 0 ? { skippedInputs: this.skipped } : {}),
      bytesIn: this.#bytesIn(),
      spans: this.spans,
      rows: {
        read: this.rowsRead + this.rowsExcluded,
        published: outcome === 'published' ? this.rowsWritten : 0,
        rejected: this.rowsRejected,
        deduplicated: 0,
        excluded: this.rowsExcluded,
      },
      target: this.target,
      bytesOut: 0,
      rowGroups: 0,
      files: [],
      identity: null,
      schema: receiptSchema(plan),
      columns: this.#columns,
      ...(this.#columns === null || columnTypes.length === 0 ? {} : { columnTypes }),
      ignored: this.#ignored,
      drift: this.#drift,
      rejects: { path: this.rejectPath, byCode: this.rejectsByCode },
      notes: this.notes,
      ...(this.watermark === null ? {} : { watermark: this.watermark }),
      ...(this.replays === null ? {} : { replays: this.replays }),
      error: error === null ? null : errorFacts(error),
    };
  }

  /** Stored bytes of the inputs; of a pipe what was read of it. */
  #bytesIn(): number {
    let stored = 0;
    for (const { bytes } of this.inputs) {
      if (bytes === null) return this.spans ? Object.values(this.spans).reduce((sum, each) => sum + each, 0) : 0;
      stored += bytes;
    }
    return stored;
  }
}

function errorFacts(error: unknown): NonNullable<Receipt['error']> {
  if (!(error instanceof AtlasError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'ATLAS_INTERNAL', message };
  }
  const { code, message, place, hint } = error;
  return {
    code,
    message,
    ...(Object.keys(place).length > 0 ? { place } : {}),
    ...(hint === CODES[code].hint ? {} : { hint }),
  };
}
