import type { Connections } from '../flow/connections.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { RunEvent } from '../flow/run-event.ts';
import type { Stores } from '../registry.ts';
import type { IncrementalOrder } from './incremental/incremental-order.ts';

/** What to do where another run holds a target. */
export type LockPolicy =
  | { readonly kind: 'fail' }
  | { readonly kind: 'skip' }
  | { readonly kind: 'wait'; readonly milliseconds: number };

export interface RunOptions {
  readonly ocs: string;
  /** In document order. */
  readonly plans: readonly DatasetPlan[];
  /** The servers that plans name; left out where they name none. */
  readonly connections?: Connections;
  /** Stores of these connections that are open already, and stay so; left out, the run opens its own. */
  readonly stores?: Stores;
  /** Absolute; made if it is not there. */
  readonly stateFolder: string;
  /** What `openLedger` takes; it may hold a password. */
  readonly ledger: string;
  /** Version of the program, for the ledger. */
  readonly version: string;
  /** Worker threads in all, from 1 on; datasets that run at the same time share them out. */
  readonly workers: number;
  readonly parallelDatasets: number;
  /** Give up what a conflict keeps pending, and what append remembers; nothing else. */
  readonly force: boolean;
  /** Rejects within limits make the exit code 1. */
  readonly strict: boolean;
  /** With on_error fail: stop at the first bad row, not at the hundredth. */
  readonly failFast: boolean;
  readonly ifLocked: LockPolicy;
  /** The first rows of the only plan, into a local Parquet file (absolute) instead of its target; the ledger is not touched. */
  readonly sample: { readonly rows: number; readonly file: string } | null;
  /** How incremental datasets begin, where that is not at their watermark; each plan must be of one then. */
  readonly incremental?: IncrementalOrder;
  /** Called in order and never concurrently; must not throw. */
  readonly onEvent: (event: RunEvent) => void;
  /** Abort it with a `StopRequest` to stop and clean up. */
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly run: string;
  readonly exitCode: number;
  /** One per plan, in document order. */
  readonly receipts: readonly Receipt[];
}
