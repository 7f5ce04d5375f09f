import type { ErrorCode } from '../../errors.ts';
import type { CsvSourcePlan } from '../../flow/dataset-plan.ts';
import type { Newline } from './line-end.ts';

/** What delimits and quotes fields: single byte values. */
export type Dialect = Pick<CsvSourcePlan, 'encoding' | 'delimiter' | 'quote' | 'escape' | 'maxRowBytes' | 'maxColumns'>;

export type HeaderRecord =
  /** `length` counts its line end. */
  | { readonly kind: 'record'; readonly names: readonly string[]; readonly length: number; readonly newline: Newline }
  /** The record does not end in the bytes given. */
  | { readonly kind: 'starved' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly reason: string };

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LF = 10;
const CR = 13;

/**
 * Reads the record at the start of `bytes` by the same rules as data, except that its damage is an error of the file.
 * `newline` null means not known yet: the record's own end decides. `final`: nothing follows `bytes`.
 */
export function readHeaderRecord(
  bytes: Uint8Array,
  newline: Newline | null,
  dialect: Dialect,
  final: boolean,
): HeaderRecord {
  const walk = new HeaderWalk(bytes, newline, dialect, final);
  return walk.run();
}

class HeaderWalk {
  readonly #bytes: Uint8Array;
  readonly #newline: Newline | null;
  readonly #dialect: Dialect;
  readonly #final: boolean;
  /** First position that the record may not reach. */
  readonly #bound: number;
  readonly #names: string[] = [];

  constructor(bytes: Uint8Array, newline: Newline | null, dialect: Dialect, final: boolean) {
    this.#bytes = bytes;
    this.#newline = newline;
    this.#dialect = dialect;
    this.#final = final;
    this.#bound = Math.min(bytes.length, dialect.maxRowBytes);
  }

  run(): HeaderRecord {
    let start = 0;
    for (;;) {
      const quoted = this.#bytes[start] === this.#dialect.quote && start < this.#bound;
      const end = quoted ? this.#closingQuote(start + 1) : this.#fieldEnd(start);
      if (typeof end !== 'number') return end;
      const problem = quoted ? this.#keep(start + 1, end - 1, true) : this.#keep(start, end, false);
      if (problem) return problem;
      if (end < this.#bytes.length && this.#bytes[end] === this.#dialect.delimiter) {
        if (end >= this.#bound) return this.#beyond();
        start = end + 1;
        continue;
      }
      return this.#finish(end, quoted);
    }
  }

  /** The byte after the quote that closes the field whose text begins at `from`. */
  #closingQuote(from: number): number | HeaderRecord {
    const { quote, escape: escaping } = this.#dialect;
    let at = from;
    while (at < this.#bound) {
      const byte = this.#bytes[at];
      if (byte === escaping && (escaping !== quote || this.#bytes[at + 1] === quote)) at += 2;
      else if (byte === quote) break;
      else at += 1;
    }
    if (at >= this.#bound) {
      return this.#open(`a quote opened in field ${this.#names.length + 1} of the header is not closed`);
    }
    if (at + 1 === this.#bytes.length && !this.#final) return { kind: 'starved' };
    return at + 1;
  }

  /** The delimiter or line end after an unquoted field, or the end of the input. */
  #fieldEnd(from: number): number | HeaderRecord {
    const { delimiter, quote } = this.#dialect;
    for (let at = from; at < this.#bytes.length; at += 1) {
      const byte = this.#bytes[at];
      if (byte === delimiter || byte === LF || byte === CR) return at;
      if (at >= this.#bound) return this.#beyond();
      if (byte === quote) {
        return invalid(`a quote stands inside the unquoted field ${this.#names.length + 1} of the header`);
      }
    }
    return this.#final ? this.#bytes.length : this.#open('');
  }

  #keep(from: number, to: number, quoted: boolean): HeaderRecord | null {
    if (this.#names.length === this.#dialect.maxColumns) {
      return refused(
        'ATLAS_CSV_TOO_MANY_COLUMNS',
        `the header has more than ${this.#dialect.maxColumns} columns (max_columns)`,
      );
    }
    let text = this.#bytes.subarray(from, to);
    if (quoted) text = withoutEscapes(text, this.#dialect);
    try {
      this.#names.push(UTF8.decode(text));
      return null;
    } catch {
      const { encoding } = this.#dialect;
      return refused('ATLAS_CSV_ENCODING', `field ${this.#names.length + 1} of the header is not valid in ${encoding}`);
    }
  }

  #finish(end: number, quoted: boolean): HeaderRecord {
    const bytes = this.#bytes;
    const newline = this.#newline;
    const names = this.#names;
    if (end === bytes.length) return { kind: 'record', names, length: end, newline: newline ?? 'lf' };
    const byte = bytes[end];
    if (byte !== LF && byte !== CR)
      return invalid(`text follows the closing quote of field ${names.length} of the header`);
    if (byte === CR && end + 1 === bytes.length && !this.#final) return { kind: 'starved' };
    const pair = byte === CR && bytes[end + 1] === LF;
    const mode = newline ?? (byte === CR && !pair ? 'cr' : 'lf');
    if (pair || byte === (mode === 'lf' ? LF : CR)) {
      return { kind: 'record', names, length: end + (pair ? 2 : 1), newline: mode };
    }
    const what = byte === CR ? 'a carriage return' : 'a line feed';
    return invalid(`${what} stands alone ${quoted ? 'after' : 'in'} field ${names.length} of the header`);
  }

  #open(unclosed: string): HeaderRecord {
    if (this.#bytes.length > this.#dialect.maxRowBytes && unclosed === '') return this.#beyond();
    if (this.#final || this.#bytes.length > this.#dialect.maxRowBytes) return invalid(unclosed);
    return { kind: 'starved' };
  }

  #beyond(): HeaderRecord {
    return refused(
      'ATLAS_CSV_ROW_TOO_LONG',
      `the header is longer than ${this.#dialect.maxRowBytes} bytes (max_row_bytes)`,
    );
  }
}

function withoutEscapes(text: Uint8Array, { quote, escape: escaping }: Dialect): Uint8Array {
  if (!text.includes(escaping)) return text;
  const plain: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const next = text[at + 1];
    if (text[at] === escaping && (next === quote || next === escaping)) at += 1;
    plain.push(text[at] ?? 0);
  }
  return Uint8Array.from(plain);
}

function invalid(reason: string): HeaderRecord {
  return refused('ATLAS_CSV_HEADER_INVALID', reason);
}

function refused(code: ErrorCode, reason: string): HeaderRecord {
  return { kind: 'refused', code, reason };
}
