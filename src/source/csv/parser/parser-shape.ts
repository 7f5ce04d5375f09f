import type { BatchColumn } from '../../../batch/batch.ts';
import type { ErrorCode } from '../../../errors.ts';
import type { Encoding } from '../../../metadata/encodings.ts';
import type { CastField } from '../../cast/cast-field.ts';
import type { Newline } from '../survey/line-end.ts';

export interface ParserPlan {
  /** Of the input; what the parser sees is UTF-8, with 0xff for bytes that are not valid in it. */
  readonly encoding: Encoding;
  readonly delimiter: number;
  readonly quote: number | null;
  readonly escape: number;
  /**
   * `lf`: a record ends at LF or CRLF, a CR alone outside quotes is damage. `cr`: it ends at CR or CRLF, an LF alone is damage.
   * A number: that byte alone ends a record, CR and LF are text. A physical line ends at the same bytes, inside quotes or not.
   */
  readonly newline: Newline;
  /** Fields of every record; a trailing delimiter does not count. */
  readonly width: number;
  /** Every record has one more delimiter before its line end; a record without it, or with something after it, is damage. */
  readonly trailingDelimiter: boolean;
  /** Without quoting: backslash escapes stand in fields, and an escaped delimiter or line end is text. */
  readonly bareEscapes: boolean;
  /** A record that begins with this byte is skipped to the end of its physical line. */
  readonly comment: number | null;
  /** Blanks and tabs around fields, outside quotes, are dropped. */
  readonly trim: boolean;
  /** The header as it stands in the file, without line end; a record of the same bytes is damage, or skipped. null = not looked for. */
  readonly header: { readonly bytes: Uint8Array; readonly skip: boolean } | null;
  readonly fields: readonly CastField[];
  readonly nullValues: readonly string[];
  readonly quotedNulls: boolean;
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
  readonly maxRowBytes: number;
  /** Name that `@file` columns hold, and microseconds since 1970 for `@loaded_at`. */
  readonly file: string;
  readonly loadedAt: bigint;
}

/** What a parser's memory is sized for: bounds on every plan it will be configured with. */
export interface ParserLimits {
  readonly maxRowBytes: number;
  /** Fields of a record, taken or not. */
  readonly maxColumns: number;
  /** Output columns. */
  readonly fields: number;
}

export interface ParseOptions {
  /** The range ends where the input ends. */
  readonly final: boolean;
  /** Window offset; no span starts at or after it. */
  readonly limit: number;
  /** Physical line (1-based) of the first byte of the range, for `@line` columns. */
  readonly lineBase: number;
}

export interface ParsedReject {
  /** Window offset and length of the span rejected in this call. */
  readonly offset: number;
  readonly length: number;
  /** Physical lines between the start of the parsed range and the span. */
  readonly line: number;
  /** Index into `ParserPlan.fields`; null where the row as a whole is damaged. */
  readonly field: number | null;
  readonly code: ErrorCode;
  readonly reason: string;
  /** The span goes on in the next call (a physical line longer than the window): the next call's first reject continues it, if bytes follow. */
  readonly continues: boolean;
  /** This span continues the last reject of the call before. */
  readonly continued: boolean;
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
