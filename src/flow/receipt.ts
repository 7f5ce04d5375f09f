import type { Place } from '../errors.ts';
import type { Drift, ServerColumn } from './drift.ts';
import type { Identity, StagedFile, StagedTable } from './sink.ts';
import type { Spans } from './tally.ts';
import type { ReceiptWatermark } from './watermark.ts';

export type Outcome = 'published' | 'skipped' | 'failed';

/** Rows by what became of them: `read` = `published` + `rejected` + `deduplicated` + `excluded`. */
export interface RowCounts {
  readonly read: number;
  readonly published: number;
  readonly rejected: number;
  readonly deduplicated: number;
  readonly excluded: number;
}

/** Whose rejects were taken through the plan once more, and how many there were. */
export interface Replayed {
  readonly run: string;
  /** Rows that run had rejected. */
  readonly rejects: number;
  /** Of these, rows that somebody took out of the reject file. */
  readonly removed: number;
}

/** One input that was read. */
export interface ReceiptInput {
  readonly path: string;
  /** As stored; null for a pipe. */
  readonly bytes: number | null;
  /** SHA-256 (hex) of the stored bytes, where the target remembers what was added to it. */
  readonly sha256?: string;
}

/** One input that was not read. */
export interface SkippedInput extends ReceiptInput {
  readonly sha256: string;
  /** The run that added its content, or this one, which read it under another name. */
  readonly run: string;
}

/** The facts of one dataset in one run. Survives JSON; `receipt_version` 1. */
export interface Receipt {
  readonly receiptVersion: 1;
  readonly run: string;
  readonly ocs: string;
  readonly dataset: string;
  readonly outcome: Outcome;
  readonly planHash: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly seconds: number;
  readonly workers: number;
  readonly inputs: readonly ReceiptInput[];
  /** Inputs that were not read, because an earlier run had added their content to the same target; left out where there are none. */
  readonly skippedInputs?: readonly SkippedInput[];
  readonly bytesIn: number;
  readonly spans: Spans | null;
  readonly rows: RowCounts;
  readonly target: string;
  readonly bytesOut: number;
  readonly rowGroups: number;
  readonly files: readonly StagedFile[];
  readonly identity: Identity | null;
  /** Files of before that these replaced, relative to the target; left out where none were. */
  readonly replaced?: readonly string[];
  /** The version's folder, relative to the target; `files` stand in it. Left out where the target has no versions. */
  readonly version?: string;
  /** How a table was published, and what of it the run wrote; left out where the target is no table. */
  readonly table?: StagedTable;
  readonly schema: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  /**
   * Names of the columns that the inputs had, each as often as in the input that had it most often, in order of first appearance;
   * the next run compares with them. null where the inputs were not looked at or name no columns; receipts of earlier versions lack it.
   */
  readonly columns?: readonly string[] | null;
  /** What they were in their database, or in a file whose own columns were taken; left out where rows came from other files. */
  readonly columnTypes?: readonly ServerColumn[];
  /** Those of them that no feature took, each once. */
  readonly ignored?: readonly string[] | null;
  /** null where nothing drifted. */
  readonly drift?: Drift | null;
  readonly rejects: {
    readonly path: string | null;
    readonly byCode: readonly { readonly code: string; readonly column: string | null; readonly count: number }[];
  };
  readonly notes: readonly string[];
  /** Of an incremental dataset; left out where nothing was looked at. */
  readonly watermark?: ReceiptWatermark;
  /** Left out where the rows came from the dataset's own inputs. */
  readonly replays?: Replayed;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly place?: Place;
    /** Where it says more than the table of codes does. */
    readonly hint?: string;
  } | null;
}
