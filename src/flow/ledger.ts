import type { Receipt } from './receipt.ts';
import type { Identity, Staged } from './sink.ts';
import type { Abortable } from './source.ts';
import type { Backfilled, Watermark, WatermarkChange } from './watermark.ts';

export type RunStatus = 'running' | 'published' | 'partly' | 'failed' | 'stopped';

export interface RunRecord {
  readonly id: string;
  readonly ocs: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: RunStatus;
  readonly exitCode: number | null;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
}

/** Written before a commit, so that whoever comes after can tell by looking whether it happened. */
export interface Intention {
  readonly id: string;
  readonly run: string;
  readonly ocs: string;
  readonly dataset: string;
  /** Kind of sink (`parquet`). */
  readonly sink: string;
  readonly target: string;
  /** The target's identity before. */
  readonly pre: Identity;
  readonly staged: Staged;
  /** What will be true once it is settled. */
  readonly receipt: Receipt;
  readonly createdAt: string;
}

export type IntentionEnd = 'settled' | 'abandoned' | 'conflict';

/** An input's content, and the run that added it to a target. */
export interface KnownContent {
  /** SHA-256 (hex) of the stored bytes. */
  readonly sha256: string;
  readonly bytes: number;
  readonly run: string;
  readonly ocs: string;
  readonly dataset: string;
}

/**
 * A hold on a target among all hosts that share a ledger, kept alive by its own heartbeat. Disposing gives it back, if it is still ours;
 * that never fails.
 */
export interface Lease extends AsyncDisposable {
  /** Shows that we live. Fails with ATLAS_LOCK_LOST where somebody took it over, and ATLAS_LEDGER_* where the ledger cannot be asked. */
  confirm(options: Abortable): Promise<void>;
}

/** The durable record of what happened. Every method is durable when it resolves. */
export interface Ledger extends AsyncDisposable {
  /** Whether other hosts may write to it at the same time. */
  readonly shared: boolean;
  /**
   * Takes the lease on a target, for a run. From then on, and until it is given back, this ledger refuses to intend, settle or close anything
   * about the target once the lease is another's (ATLAS_LOCK_LOST), in the transaction itself. A ledger of one host answers at once: there,
   * the lock in the target's own store is all that is needed. Fails with ATLAS_TARGET_LOCKED where a living run of any host has it.
   */
  hold(target: string, run: string, options: Abortable): Promise<Lease>;
  beginRun(run: RunRecord): Promise<void>;
  endRun(id: string, status: RunStatus, exitCode: number, endedAt: string): Promise<void>;
  intend(intention: Intention): Promise<void>;
  /** Intentions neither settled nor abandoned for a target, oldest first. */
  pending(target: string): Promise<readonly Intention[]>;
  /**
   * Closes the intention, records its receipt and moves the watermark that the receipt speaks of, in one transaction; repeating it
   * changes nothing, and no run moves a watermark backwards but one that replaced everything at the target.
   */
  settle(intention: string, receipt: Receipt): Promise<void>;
  close(intention: string, end: Exclude<IntentionEnd, 'settled'>, reason: string): Promise<void>;
  /** Records the receipt of a dataset that published nothing (failed, skipped); one that was settled stays. */
  record(receipt: Receipt): Promise<void>;
  runs(options: { readonly ocs: string | null; readonly limit: number }): Promise<readonly RunRecord[]>;
  run(id: string): Promise<RunRecord | null>;
  receipts(run: string): Promise<readonly Receipt[]>;
  /** The newest settled receipt of a dataset, whatever its run. */
  lastPublished(ocs: string, dataset: string): Promise<Receipt | null>;
  /** The newest settled receipt of a target, whatever its run and dataset. */
  lastAt(target: string): Promise<Receipt | null>;
  /** What was ever added to a target, by content: of settled receipts whose inputs have a checksum; oldest first. */
  contentsAt(target: string): Promise<readonly KnownContent[]>;
  /** The settled receipt of the run that replayed the rejects of this one, or null. */
  replayOf(receipt: Pick<Receipt, 'run' | 'ocs' | 'dataset'>): Promise<Receipt | null>;
  /** The watermarks of a group, or of one dataset of it, by dataset, target and source. */
  watermarks(of: { readonly ocs: string; readonly dataset: string | null }): Promise<readonly Watermark[]>;
  /**
   * Sets a watermark by hand, and remembers who did and why; repeating it changes nothing. Fails with ATLAS_STATE_MOVED where it is not
   * `before` any more, and with ATLAS_LOCK_LOST where a run of another host holds the target.
   */
  setWatermark(change: WatermarkChange): Promise<void>;
  /** What was set by hand, the newest first. */
  watermarkChanges(of: { readonly ocs: string; readonly dataset: string | null }): Promise<readonly WatermarkChange[]>;
  /** What backfills published, since everything at the target was last replaced; in the order in which they were settled. */
  backfilled(of: Pick<Watermark, 'ocs' | 'dataset' | 'target' | 'source'>): Promise<readonly Backfilled[]>;
}
