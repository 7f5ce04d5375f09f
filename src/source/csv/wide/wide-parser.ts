import type { CsvError, Parser } from 'csv-parse';
import type { Newline } from '../../lines/line-end.ts';
import type { WideDialect } from './wide-record.ts';

/** Why csv-parse cannot go on; never with a value. */
export interface WideDamage {
  readonly code: 'ATLAS_CSV_DAMAGED' | 'ATLAS_CSV_ROW_TOO_LONG';
  readonly reason: string;
}

const REASONS: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'text after a closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'text after a closing quote',
  INVALID_OPENING_QUOTE: 'a quote inside an unquoted field',
  CSV_QUOTE_NOT_CLOSED: 'a quote is never closed',
};

export interface WideParserOptions {
  readonly dialect: WideDialect;
  readonly comment: string | null;
  readonly newline: Newline;
  readonly maxRowBytes: number;
  /** Called for the fields of each record, with the position after its line end, counted from the first byte written; may throw. */
  readonly onRecord: (fields: readonly string[], end: number) => void;
}

/** csv-parse, never relaxed but for the number of fields, which the kernel counts. It is loaded when it is needed. */
export class WideParser {
  readonly #parser: Parser;
  readonly #maxRowBytes: number;

  private constructor(parser: Parser, maxRowBytes: number) {
    this.#parser = parser;
    this.#maxRowBytes = maxRowBytes;
    // Every failure is told to whoever writes.
    parser.on('error', () => undefined);
  }

  static async open({ dialect, comment, newline, maxRowBytes, onRecord }: WideParserOptions): Promise<WideParser> {
    const { parse } = await import('csv-parse');
    const parser = parse({
      delimiter: dialect.delimiter,
      quote: dialect.quote,
      escape: dialect.escape,
      comment,
      comment_no_infix: true,
      record_delimiter: newline === 'cr' ? ['\r\n', '\r'] : ['\r\n', '\n'],
      trim: dialect.trim,
      relax_column_count: true,
      max_record_size: maxRowBytes,
      on_record: (fields: string[], { bytes }) => {
        onRecord(fields, bytes);
        return null;
      },
    });
    return new WideParser(parser, maxRowBytes);
  }

  /** Reads on; the records that end in `bytes`, or a few bytes before, were given out when it answers. Fails with what `onRecord` does. */
  write(bytes: Uint8Array): Promise<void> {
    return this.#told((done) => this.#parser.write(bytes, done));
  }

  /** Reads the last record. */
  end(): Promise<void> {
    return this.#told((done) => this.#parser.end(done));
  }

  /** What csv-parse says of damage; null where the failure is another. */
  explain(error: unknown): WideDamage | null {
    const { code } = error as Partial<CsvError>;
    if (code === 'CSV_MAX_RECORD_SIZE') {
      return { code: 'ATLAS_CSV_ROW_TOO_LONG', reason: `longer than ${this.#maxRowBytes} bytes (max_row_bytes)` };
    }
    const reason = code === undefined ? undefined : REASONS[code];
    return reason === undefined ? null : { code: 'ATLAS_CSV_DAMAGED', reason };
  }

  #told(action: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((done, fail) => action((error) => (error ? fail(error) : done())));
  }
}
