import type { Abortable } from '../../../flow/source.ts';
import type { MysqlSlice } from '../mysql-slice.ts';

export interface DeskOptions extends Abortable {
  /**
   * Whether tasks are asked for once each, from several threads: each then waits for those before it. Else a piece that has passed is read
   * again from the start.
   */
  readonly inTurn: boolean;
}

/** The row packets of one task, as bytes cut anywhere. */
export interface TaskRows {
  /** Sequence number of the first packet. */
  readonly sequence: number;
  /** Bytes that lie here already. */
  readonly ready: Buffer | undefined;
  /** Waits for bytes; null where none follow. Fails with ATLAS_DB_*, and with what aborted it. */
  next(options: Abortable): Promise<Buffer | null>;
  /** Wants no more; may be called at any time, and again. */
  leave(): Promise<void>;
}

/** Where the rows of tasks come from. */
export interface RowDesk extends AsyncDisposable {
  open(slice: MysqlSlice, options: DeskOptions): Promise<TaskRows>;
}
