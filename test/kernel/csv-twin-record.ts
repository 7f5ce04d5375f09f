import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';

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
    if (line > start && this.#isWhole(line))
      return reject('QUOTE_UNCLOSED', this.#blanks(this.#fieldsUntil(start, line)[1], line));
    if (code === 'QUOTE_UNCLOSED') return reject(code, at);
    return reject(code, this.#goesOn(start, at, code));
  }

  /** A place in the last physical line that belongs to the record at `start`, which is damaged at `at`. */
  #goesOn(start: number, at: number, code: string): number {
    const b = this.#input;
    const { delimiter, quote, maxRowBytes } = this.#plan;
    const most = Math.min(b.length, start + maxRowBytes);
    let last = at;
    let p = at;
    for (;;) {
      while (p < most && b[p] !== delimiter && b[p] !== this.lineByte) p++;
      if (p >= most) return last;
      if (b[p] === this.lineByte)
        return code === 'QUOTE_TRAILING' && last === at ? this.#stillOpen(start, p, at) : last;
      p++;
      const q = this.#blanks(p, most);
      if (q >= most || b[q] !== quote) continue;
      const inside = this.#quoted(q + 1, most);
      if (inside === null) return last;
      p = inside.end;
      if (!b.subarray(q, p).includes(this.lineByte)) continue;
      if (!this.#mayFollow(p) || this.#isWhole(this.#lineOf(0, p - 1))) return last;
      last = p;
    }
  }

  /** As goesOn, where the field damaged at `at` may go on after its line, which ends at `p`. */
  #stillOpen(start: number, p: number, at: number): number {
    const b = this.#input;
    const { quote, escape: escaper, delimiter, maxRowBytes } = this.#plan;
    const most = Math.min(b.length, start + maxRowBytes);
    const line = this.#endOfLine(p, false);
    for (let c = line; c < most; c++) {
      if (escaper !== quote && b[c] === escaper) c++;
      else if (b[c] === quote) {
        if (b[c + 1] === quote) return at;
        if (this.#mayFollow(c + 1)) return this.#isWhole(this.#lineOf(line, c)) ? at : this.#wholeAfter(start, at, c);
        let before = c - 1;
        while (this.#plan.trim && before >= line && isBlank(b[before])) before--;
        const ends = typeof this.#plan.newline === 'number' ? [this.lineByte] : [CR, LF];
        if (before < line || [delimiter, ...ends].includes(b[before] ?? 0)) return at;
      }
    }
    return at;
  }

  /** The end of the record at `start` if it is whole with a field that goes on over the damage at `at` and ends with the quote at `c`. */
  #wholeAfter(start: number, at: number, c: number): number {
    const [before] = this.#fieldsUntil(start, at);
    const field = { bytes: [0], quoted: true };
    const fields = Array.from({ length: (before ?? 0) + 1 }, () => field);
    const p = this.#blanks(c + 1, this.#input.length);
    if (this.#input[p] !== this.#plan.delimiter) return this.#width(fields) === 'right' ? p : at;
    if (p + 1 === this.#input.length) {
      return this.#width([...fields, { bytes: [], quoted: false }]) === 'right' ? p + 1 : at;
    }
    const rest = this.#read(p + 1);
    if (rest.kind === 'damage') return at;
    const more = rest.kind === 'row' ? rest.fields : [{ bytes: [], quoted: false }];
    if (this.#width([...fields, ...more]) !== 'right') return at;
    return rest.kind === 'row' ? rest.content : p + 1;
  }

  /** Whether what stands at p may follow a closing quote. */
  #mayFollow(end: number): boolean {
    const p = this.#blanks(end, this.#input.length);
    return p >= this.#input.length || this.#input[p] === this.#plan.delimiter || this.#lineEnd(p) > 0;
  }

  #isWhole(line: number): boolean {
    const read = this.#read(line);
    return read.kind === 'row' && this.#width(read.fields) === 'right';
  }

  /** The whole fields of the record at `start` before `at`, and where the one after them starts. */
  #fieldsUntil(start: number, at: number): readonly [count: number, from: number] {
    const { delimiter, quote } = this.#plan;
    let p = start;
    for (let count = 0; ; count++) {
      const from = p;
      const q = this.#blanks(p, at);
      if (quote !== null && this.#input[q] === quote) {
        const inside = this.#quoted(q + 1, this.#input.length);
        if (inside === null || inside.end > at) return [count, from];
        p = inside.end;
      }
      while (p < at && this.#input[p] !== delimiter) p++;
      if (p >= at) return [count, from];
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
