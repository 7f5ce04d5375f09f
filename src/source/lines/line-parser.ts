import type { BatchColumn } from '../../batch/batch.ts';
import type { ParsedReject } from '../reject/parsed-reject.ts';
import type { RejectArea } from '../reject/reject-writer.ts';

export interface ParseOptions {
  /** The range ends where the input ends. */
  readonly final: boolean;
  /** Window offset; no span starts at or after it. */
  readonly limit: number;
  /** Physical line (1-based) of the first byte of the range, for `@line` columns. */
  readonly lineBase: number;
}

/** What one `parse` call did with bytes `from … to` of the window: the spans tile `from … from + consumed`. */
export interface ParseOutcome {
  readonly consumed: number;
  /** Good rows, now in `columns`. */
  readonly rows: number;
  readonly columns: readonly BatchColumn[];
  readonly rejects: readonly ParsedReject[];
  readonly rowBytes: number;
  readonly rejectBytes: number;
  readonly blankBytes: number;
  readonly commentBytes: number;
  /** Repeated headers that were skipped. */
  readonly headerBytes: number;
  /** Physical line ends in the consumed bytes. */
  readonly lines: number;
  /**
   * Why it stopped: a batch is full, the next record does not end in the range (refill, keeping the bytes from `from + consumed`,
   * and call again), a span would start at or after the limit, or all of a final range was used.
   */
  readonly stop: 'full' | 'starved' | 'limit' | 'end';
}

/** What turns the bytes of a window into columns and rejects, set up for one file. */
export interface LineParser {
  /** Where the text of rejects can be put together. */
  readonly rejectArea: RejectArea;
  /** Parses window offsets `from` to `to`, which start at a record (or where the last call ended), into one batch. */
  parse(from: number, to: number, options: ParseOptions): ParseOutcome;
}
