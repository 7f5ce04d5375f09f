import type { ParserPlan } from '../../src/source/csv/parser-shape.ts';

/** A field as it stands: without quotes and their escapes, or between its delimiters. */
export interface TwinField {
  readonly bytes: readonly number[];
  readonly quoted: boolean;
}

/** What stands at an offset, and where the next record starts. */
export type TwinRecord =
  | { readonly kind: 'row'; readonly fields: readonly TwinField[]; readonly end: number }
  | { readonly kind: 'blank' | 'comment' | 'header'; readonly end: number }
  | { readonly kind: 'damage'; readonly code: string; readonly end: number };

/** A record by the plain rules; of its damage, where it showed. */
type Reading =
  | { readonly kind: 'row'; readonly fields: readonly TwinField[]; readonly content: number; readonly end: number }
  | { readonly kind: 'blank'; readonly end: number }
  | { readonly kind: 'damage'; readonly code: string; readonly at: number };

const LF = 10;
const CR = 13;
const BACKSLASH = 92;
const MARK = [0xef, 0xbb, 0xbf];

/** The records of a whole input, slowly: byte by byte, by the rules. */
export class TwinRecords {
  readonly #input: Uint8Array;
  readonly #plan: ParserPlan;

  constructor(input: Uint8Array, plan: ParserPlan) {
    this.#input = input;
    this.#plan = plan;
  }

  /** The byte that ends physical lines. */
  get lineByte(): number {
    const { newline } = this.#plan;
    return newline === 'lf' ? LF : newline === 'cr' ? CR : newline;
  }

  at(start: number): TwinRecord {
    const marked = MARK.every((byte, i) => this.#input[start + i] === byte);
    const s = marked ? start + 3 : start;
    if (this.#input[s] === this.#plan.comment) return { kind: 'comment', end: this.#endOfLine(s, false) };
    if (marked && s === this.#input.length) return damaged('BOM_INSIDE', s);
    const read = this.#read(s);
    if (read.kind === 'damage') return this.#settle(s, read.code, read.at);
    if (read.kind === 'blank') return marked ? damaged('BOM_INSIDE', read.end) : read;
    const { header } = this.#plan;
    if (header !== null && Buffer.from(this.#input.subarray(s, read.content)).equals(header.bytes)) {
      return header.skip ? { kind: 'header', end: read.end } : damaged('HEADER_REPEATED', read.end);
    }
    if (marked) return damaged('BOM_INSIDE', read.end);
    const count = this.#width(read.fields);
    if (count !== 'right') return damaged(count, read.end);
    return { kind: 'row', fields: read.fields.slice(0, this.#plan.width), end: read.end };
  }

  #width(fields: readonly TwinField[]): 'right' | 'TOO_FEW_FIELDS' | 'TOO_MANY_FIELDS' {
    const { width, trailingDelimiter } = this.#plan;
    const last = fields.at(-1);
    const closed = fields.length > 1 && last !== undefined && !last.quoted && last.bytes.length === 0;
    if (!trailingDelimiter) {
      if (fields.length === width) return 'right';
      return fields.length < width ? 'TOO_FEW_FIELDS' : 'TOO_MANY_FIELDS';
    }
    if (closed && fields.length - 1 === width) return 'right';
    return fields.length - Number(closed) > width ? 'TOO_MANY_FIELDS' : 'TOO_FEW_FIELDS';
  }

  #read(start: number): Reading {
    const b = this.#input;
    const { delimiter, quote, width, maxRowBytes, trailingDelimiter, bareEscapes } = this.#plan;
    const most = start + maxRowBytes;
    const damage = (code: string, at: number): Reading => ({ kind: 'damage', code, at });
    const row = (content: number): Reading => ({ kind: 'row', fields, content, end: content + this.#lineEnd(content) });
    const fields: TwinField[] = [];
    if (width > 1 || trailingDelimiter) {
      const p = this.#blanks(start, most);
      if (p >= b.length || this.#lineEnd(p) > 0) return { kind: 'blank', end: p + this.#lineEnd(p) };
    }
    let p = start;
    for (;;) {
      const q = this.#blanks(p, most);
      if (quote !== null && q < most && b[q] === quote) {
        const inside = this.#quoted(q + 1, most);
        if (inside === null) return damage('QUOTE_UNCLOSED', q);
        fields.push({ bytes: inside.bytes, quoted: true });
        p = this.#blanks(inside.end, most);
        if (p >= b.length || this.#lineEnd(p) > 0) return row(p);
        if (p >= most) return damage('ROW_TOO_LONG', p);
        if (b[p] !== delimiter) return damage('QUOTE_TRAILING', p);
      } else {
        const from = p;
        const field = (): TwinField => ({ bytes: this.#trimmed(from, p), quoted: false });
        for (;;) {
          if (p > most) return damage('ROW_TOO_LONG', p);
          if (p >= b.length || this.#lineEnd(p) > 0) {
            fields.push(field());
            return row(p);
          }
          if (p >= most) return damage('ROW_TOO_LONG', p);
          const byte = b[p] ?? 0;
          if (byte === delimiter) break;
          if (byte === quote) return damage('QUOTE_STRAY', p);
          if (typeof this.#plan.newline !== 'number' && (byte === CR || byte === LF)) return damage('STRAY_CR', p);
          if (bareEscapes && byte === BACKSLASH) {
            if (p + 1 === b.length) return damage('ESCAPE', p);
            p = this.#afterEscape(p);
          } else p++;
        }
        fields.push(field());
      }
      p++;
    }
  }

  /** What damage takes along: which quote was the wrong one, and whether a later field is still open where the line ends. */
  #settle(start: number, code: string, at: number): TwinRecord {
    const reject = (what: string, where: number) => damaged(what, this.#endOfLine(where, this.#plan.bareEscapes));
    if (this.#plan.quote === null || code === 'ROW_TOO_LONG') return reject(code, at);
    const line = this.#lineOf(start, at);
    if (line > start && this.#isWhole(line)) return reject('QUOTE_UNCLOSED', this.#openAt(start, line));
    if (code === 'QUOTE_UNCLOSED') return reject(code, at);
    return reject(code, this.#goesOn(at, start + this.#plan.maxRowBytes, code === 'QUOTE_TRAILING'));
  }

  /** A place in the last physical line that belongs to a record which is damaged at `at`. */
  #goesOn(at: number, most: number, open: boolean): number {
    const b = this.#input;
    const { delimiter, quote, escape: escaper } = this.#plan;
    let p = at;
    while (p < b.length && p < most && b[p] !== delimiter && b[p] !== this.lineByte) p++;
    if (p >= b.length || p >= most) return at;
    if (b[p] === delimiter) {
      const q = this.#blanks(p + 1, most);
      if (q >= most || b[q] !== quote) return this.#keep(at, this.#goesOn(p + 1, most, open));
      const inside = this.#quoted(q + 1, most);
      if (inside === null) return at;
      if (this.#lineOf(at, inside.end) === at) return this.#keep(at, this.#goesOn(inside.end, most, open));
      return this.#closes(inside.end) ? this.#goesOn(inside.end, most, open) : at;
    }
    if (!open) return at;
    let c = p + 1;
    while (c < b.length && c < most && b[c] !== quote) c += escaper !== quote && b[c] === escaper ? 2 : 1;
    if (c >= b.length || c >= most || b[c + 1] === quote || !this.#closes(c + 1)) return at;
    return this.#goesOn(c + 1, most, false);
  }

  /** A later place where it is on a later line, else the earlier one. */
  #keep(at: number, later: number): number {
    return this.#lineOf(at, later) === at ? at : later;
  }

  /** Whether a quote that ends right before `end` closes a field of several lines: what follows lets it, and its line is no row. */
  #closes(end: number): boolean {
    const p = this.#blanks(end, this.#input.length);
    const follows = p >= this.#input.length || this.#input[p] === this.#plan.delimiter || this.#lineEnd(p) > 0;
    return follows && !this.#isWhole(this.#lineOf(0, end));
  }

  #isWhole(line: number): boolean {
    const read = this.#read(line);
    return read.kind === 'row' && this.#width(read.fields) === 'right';
  }

  /** The quote that opened the field, of the record at `start`, in which `line` begins. */
  #openAt(start: number, line: number): number {
    const { delimiter, quote } = this.#plan;
    let p = start;
    for (;;) {
      const q = this.#blanks(p, line);
      if (this.#input[q] === quote) {
        const inside = this.#quoted(q + 1, this.#input.length);
        if (inside === null || inside.end > line) return q;
        p = inside.end;
      }
      while (this.#input[p] !== delimiter) p++;
      p++;
    }
  }

  /** The inside of a quoted field and the offset after its closing quote; null where it is never closed. */
  #quoted(from: number, most: number): { readonly bytes: readonly number[]; readonly end: number } | null {
    const b = this.#input;
    const { quote, escape: escaper } = this.#plan;
    const bytes: number[] = [];
    let p = from;
    while (p < b.length && p < most) {
      const byte = b[p] ?? 0;
      const next = b[p + 1];
      if (byte === escaper && next !== undefined && (next === quote || (escaper !== quote && next === escaper))) {
        bytes.push(next);
        p += 2;
      } else if (byte === quote) return { bytes, end: p + 1 };
      else {
        bytes.push(byte);
        p++;
      }
    }
    return null;
  }

  #trimmed(from: number, to: number): readonly number[] {
    let [a, z] = [from, to];
    if (this.#plan.trim) {
      while (a < z && isBlank(this.#input[a])) a++;
      while (a < z && isBlank(this.#input[z - 1])) z--;
    }
    return [...this.#input.subarray(a, z)];
  }

  /** The first byte that is no blank, where blanks are trimmed. */
  #blanks(p: number, most: number): number {
    if (!this.#plan.trim) return p;
    let i = p;
    while (i < most && isBlank(this.#input[i])) i++;
    return i;
  }

  #afterEscape(p: number): number {
    const pair = this.#input[p + 1] === CR && this.#input[p + 2] === LF && typeof this.#plan.newline !== 'number';
    return p + (pair ? 3 : 2);
  }

  /** Length of the line end at p, or 0. */
  #lineEnd(p: number): number {
    const [a, b] = [this.#input[p], this.#input[p + 1]];
    if (typeof this.#plan.newline !== 'number' && a === CR && b === LF) return 2;
    return a === this.lineByte ? 1 : 0;
  }

  /** The start of the physical line of p, or `from` where that is later. */
  #lineOf(from: number, p: number): number {
    for (let i = p - 1; i >= from; i--) {
      if (this.#input[i] !== this.lineByte) continue;
      const pair = this.#plan.newline === 'cr' && this.#input[i + 1] === LF;
      return Math.min(p, pair ? i + 2 : i + 1);
    }
    return from;
  }

  /** The byte after the physical line of p; `bare`: an escaped line end does not end it. */
  #endOfLine(p: number, bare: boolean): number {
    let i = p;
    while (i < this.#input.length && this.#input[i] !== this.lineByte) {
      i = bare && this.#input[i] === BACKSLASH ? this.#afterEscape(i) : i + 1;
    }
    if (i >= this.#input.length) return this.#input.length;
    return this.#plan.newline === 'cr' && this.#input[i + 1] === LF ? i + 2 : i + 1;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

function damaged(code: string, end: number): TwinRecord {
  return { kind: 'damage', code: `ATLAS_CSV_${code}`, end };
}
