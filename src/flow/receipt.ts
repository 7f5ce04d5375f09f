import type { Place } from '../errors.ts';
import type { Drift } from './drift.ts';
import type { Identity, StagedFile } from './sink.ts';
import type { Spans } from './tally.ts';

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
  readonly inputs: readonly { readonly path: string; readonly bytes: number | null }[];
  readonly bytesIn: number;
  readonly spans: Spans | null;
  readonly rows: RowCounts;
  readonly target: string;
  readonly bytesOut: number;
  readonly rowGroups: number;
  readonly files: readonly StagedFile[];
  readonly identity: Identity | null;
  readonly schema: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  /**
   * Names of the columns that the inputs had, each as often as in the input that had it most often, in order of first appearance;
   * the next run compares with them. null where the inputs were not looked at or name no columns; receipts of earlier versions lack it.
   */
  readonly columns?: readonly string[] | null;
  /** Those of them that no feature took, each once. */
  readonly ignored?: readonly string[] | null;
  /** null where nothing drifted. */
  readonly drift?: Drift | null;
  readonly rejects: {
    readonly path: string | null;
    readonly byCode: readonly { readonly code: string; readonly column: string | null; readonly count: number }[];
  };
  readonly notes: readonly string[];
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
