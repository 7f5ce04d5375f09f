import type { Batch } from '../../batch/batch.ts';
import type { FeaturePlan, WireForm } from '../../flow/dataset-plan.ts';
import type { Reject } from '../../flow/reject.ts';

/** The protocols whose rows are decoded: PostgreSQL's frontend/backend protocol 3, and MySQL's binary result sets. */
export type WireProtocol = 'postgresql' | 'mysql';

/** A selected column as the decoder needs it. */
export interface WireColumn {
  readonly wire: WireForm;
  /** PostgreSQL's `json` and `jsonb` are known to be JSON, other text is looked at. */
  readonly serverType?: string;
}

/** What a decoder is made for. */
export interface WirePlan {
  readonly features: readonly FeaturePlan[];
  /**
   * One for each feature, null where it is a constant, or null in every row. Every row holds the columns that are not null, in this order, and nothing
   * else; where there is none, PostgreSQL's rows have no field and MySQL's have one, which is NULL.
   */
  readonly columns: readonly (WireColumn | null)[];
  /** Bytes of a row as it is sent; a longer one is the error ATLAS_DB_ROW_TOO_LONG. */
  readonly maxRowBytes: number;
  /** Rows of a batch at most. */
  readonly fetchRows: number;
  /** What rejects call the source, and `@file` holds. */
  readonly path: string;
}

export interface WireOptions {
  /** Microseconds since 1970, for `@loaded_at`. */
  readonly loadedAt: bigint;
  /** Poisons columns before they are written, and batches when they are released. */
  readonly debug?: boolean;
}

/** The start of a result. */
export interface WireStart {
  /** Rows are numbered on from the result before: a task that is read by several queries. Left out: from 0, and counters too. */
  readonly goOn?: boolean;
  /** MySQL: the sequence number of the first row packet. */
  readonly sequence?: number;
  /** PostgreSQL: `copy` begins with the header of COPY … (FORMAT binary) in CopyData messages; `rows` are DataRow messages. */
  readonly mode?: 'copy' | 'rows';
}

/** Rows that were decoded, and those that could not be taken, in the order of the rows. */
export interface DecodedBatch {
  readonly kind: 'batch';
  readonly batch: Batch;
  readonly rejects: readonly Reject[];
  /** The task reached its reject limit with them: nothing more is to be read. */
  readonly stopped: boolean;
}

/**
 * A message that is no row, or a piece of a long one, taken out of the stream: for the client to hear. PostgreSQL: every message but
 * CopyData and DataRow. MySQL: the packet that ends the result, with its header (EOF, OK or ERR).
 */
export interface ForeignMessage {
  readonly kind: 'message';
  /** PostgreSQL: the type byte of the message. MySQL: the first byte of the packet. */
  readonly type: number;
  /** As it was sent, copied. */
  readonly bytes: Uint8Array;
  /** Nothing of it follows. */
  readonly whole: boolean;
}

export type Decoded = DecodedBatch | ForeignMessage;
