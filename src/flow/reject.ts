import type { ErrorCode } from '../errors.ts';

/** A row that could not be taken: where it stood, which column, why, and its raw text. */
export interface Reject {
  readonly file: string;
  /**
   * Physical line, relative to the first line of its task (0-based); the pump adds the lines before the task. Where rows have no
   * lines (Parquet) the number of the row in its file.
   */
  readonly line: number;
  /**
   * Byte offset of the rejected span in the (decompressed) file, and its length; where rows have no span of their own (Parquet) the
   * offset of the row group, and 0.
   */
  readonly offset: number;
  readonly length: number;
  readonly column: string | null;
  readonly code: ErrorCode;
  /** Never holds the value itself. */
  readonly reason: string;
  /** The span's text (of Parquet the row as JSON); null where it is not UTF-8, and then `rawBase64` holds it. */
  readonly raw: string | null;
  readonly rawBase64: string | null;
  /** Tells apart several rejects that a replay made of one span (`2`, `2.1`); null or left out where there is one. */
  readonly record?: string | null;
  /** The span was longer than what is kept. */
  readonly truncated: boolean;
}
