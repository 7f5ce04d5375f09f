import type { Encoding } from '../../../metadata/encodings.ts';
import type { CastField } from '../../cast/cast-field.ts';
import type { Newline } from '../../lines/line-end.ts';

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
