import type { ErrorCode } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import { lineEndLength, type Newline } from '../../lines/line-end.ts';
import { afterBareEscape, decodeBareEscapes } from '../parser/bare-escapes.ts';
import { skipBlanks, withoutBlanks } from '../parser/blanks.ts';

/** What delimits and quotes fields: single byte values. */
export type Dialect = Pick<
  CsvSourcePlan,
  | 'encoding'
  | 'delimiter'
  | 'quote'
  | 'escape'
  | 'bareEscapes'
  | 'trim'
  | 'trailingDelimiter'
  | 'maxRowBytes'
  | 'maxColumns'
>;

export type HeaderRecord =
  /** `length` counts its line end, `content` does not. */
  | {
      readonly kind: 'record';
      readonly names: readonly string[];
      readonly content: number;
      readonly length: number;
      readonly newline: Newline;
    }
  /** The record does not end in the bytes given. */
  | { readonly kind: 'starved' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly reason: string };

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LF = 10;
const CR = 13;
const BACKSLASH = 92;

/**
 * Reads the record at the start of `bytes` by the same rules as data, except that its damage is an error of the file, and that a
 * trailing delimiter may be missing. `newline` null means not known yet: the record's own end decides. `final`: nothing follows `bytes`.
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
    const { trim, quote, delimiter, trailingDelimiter } = this.#dialect;
    let start = 0;
    for (;;) {
      const open = trim ? skipBlanks(this.#bytes, start, this.#bound) : start;
      const quoted = open < this.#bound && this.#bytes[open] === quote;
      const inner = quoted ? this.#closingQuote(open + 1) : this.#fieldEnd(start);
      if (typeof inner !== 'number') return inner;
      const end = quoted && trim ? skipBlanks(this.#bytes, inner, this.#bound) : inner;
      if (quoted && end === this.#bytes.length && !this.#final) return { kind: 'starved' };
      const parted = end < this.#bytes.length && this.#bytes[end] === delimiter;
      const nothing = !quoted && (trim ? skipBlanks(this.#bytes, start, end) : start) === end;
      if (trailingDelimiter && nothing && !parted && start > 0) return this.#finish(end, quoted);
      const problem = quoted ? this.#keepQuoted(open + 1, inner - 1) : this.#keepBare(start, end);
      if (problem) return problem;
      if (!parted) return this.#finish(end, quoted);
      if (end >= this.#bound) return this.#beyond();
      start = end + 1;
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
    const { delimiter, quote, bareEscapes } = this.#dialect;
    let at = from;
    while (at < this.#bytes.length && at <= this.#bound) {
      const byte = this.#bytes[at];
      if (byte === delimiter || this.#isLineByte(byte)) return at;
      if (at >= this.#bound) return this.#beyond();
      if (byte === quote) {
        return invalid(`a quote stands inside the unquoted field ${this.#names.length + 1} of the header`);
      }
      if (bareEscapes && byte === BACKSLASH) {
        const after = afterBareEscape(this.#bytes, at, this.#newline, this.#final);
        if (after < 0) return this.#final ? this.#badEscape() : this.#open('');
        at = after;
      } else at += 1;
    }
    if (at > this.#bound) return this.#beyond();
    return this.#final ? this.#bytes.length : this.#open('');
  }

  #isLineByte(byte: number | undefined): boolean {
    return typeof this.#newline === 'number' ? byte === this.#newline : byte === LF || byte === CR;
  }

  #keepQuoted(from: number, to: number): HeaderRecord | null {
    return this.#keep(withoutEscapes(this.#bytes.subarray(from, to), this.#dialect));
  }

  #keepBare(from: number, to: number): HeaderRecord | null {
    const field = this.#bytes.subarray(from, to);
    const text = this.#dialect.trim ? withoutBlanks(field) : field;
    if (!this.#dialect.bareEscapes) return this.#keep(text);
    const plain = decodeBareEscapes(text, this.#dialect.delimiter, this.#newline);
    return plain === null ? this.#badEscape() : this.#keep(plain);
  }

  #keep(name: Uint8Array): HeaderRecord | null {
    if (this.#names.length === this.#dialect.maxColumns) {
      return refused(
        'ATLAS_CSV_TOO_MANY_COLUMNS',
        `the header has more than ${this.#dialect.maxColumns} columns (max_columns)`,
      );
    }
    try {
      this.#names.push(UTF8.decode(name));
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
    if (end === bytes.length) return { kind: 'record', names, content: end, length: end, newline: newline ?? 'lf' };
    const byte = bytes[end];
    if (!this.#isLineByte(byte))
      return invalid(`text follows the closing quote of field ${names.length} of the header`);
    const length = lineEndLength(bytes, end, newline, this.#final);
    if (length < 0) return { kind: 'starved' };
    if (length > 0) {
      const mode = newline ?? (byte === CR && length === 1 ? 'cr' : 'lf');
      return { kind: 'record', names, content: end, length: end + length, newline: mode };
    }
    const what = byte === CR ? 'a carriage return' : 'a line feed';
    return invalid(`${what} stands alone ${quoted ? 'after' : 'in'} field ${names.length} of the header`);
  }

  #open(unclosed: string): HeaderRecord {
    if (this.#bytes.length > this.#dialect.maxRowBytes && unclosed === '') return this.#beyond();
    if (this.#final || this.#bytes.length > this.#dialect.maxRowBytes) return invalid(unclosed);
    return { kind: 'starved' };
  }

  #badEscape(): HeaderRecord {
    return invalid(
      `field ${this.#names.length + 1} of the header has a backslash escape that means nothing, or is not finished`,
    );
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
