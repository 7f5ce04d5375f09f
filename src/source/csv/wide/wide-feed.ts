import { isUtf8 } from 'node:buffer';
import { AtlasError, type ErrorCode } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import type { Origin } from '../../feed/origin.ts';
import { countLineEnds, type Newline } from '../../lines/line-end.ts';
import { wholeCharacters } from '../../reject/reject-text.ts';
import { rewriteRecord } from './rewrite-record.ts';
import { WideOrigin } from './wide-origin.ts';
import { WideParser } from './wide-parser.ts';
import { compareRecord, type WideDialect, wideDialectOf } from './wide-record.ts';
import { readWideStart } from './wide-start.ts';

const PIECE_BYTES = 1 << 16;

/**
 * The records of a file whose delimiter has several bytes, written again so that the kernel can read them (see `dialectSeen`), each in
 * the line where it stood: a comment stays a comment, an empty line an empty line. Byte order mark and skipped lines stay as they are.
 * csv-parse reads, and every record is compared with what it was read from. Damage cannot be contained: `fill` fails with
 * ATLAS_CSV_DAMAGED, ATLAS_CSV_ENCODING or ATLAS_CSV_ROW_TOO_LONG, and the line where the record begins.
 */
export class WideFeed implements ByteFeed {
  readonly origin: Origin;
  readonly #feed: ByteFeed;
  readonly #plan: CsvSourcePlan;
  readonly #path: string;
  readonly #pieceBytes: number;
  readonly #dialect: WideDialect;
  readonly #comment: string | null;
  readonly #map: WideOrigin;
  #parser: WideParser | null = null;
  #newline: Newline = 'lf';
  #inputEnded = false;
  #ended = false;
  /** Read, and not given to csv-parse yet: the start of a character. */
  #carry: Uint8Array = new Uint8Array(0);
  /** Given to csv-parse, from the end of the last record on; and how much was given before. */
  #pending: Buffer = Buffer.alloc(0);
  #passed = 0;
  /** Physical lines before the record that is being read. */
  #lines = 0;
  #rewritten: string[] = [];
  #output: Uint8Array = new Uint8Array(0);

  /** `feed` stands at the start of the input, in UTF-8; `pieceBytes` is smaller in tests only. */
  constructor(feed: ByteFeed, plan: CsvSourcePlan, delimiter: string, path: string, pieceBytes = PIECE_BYTES) {
    this.#feed = feed;
    this.#plan = plan;
    this.#path = path;
    this.#pieceBytes = pieceBytes;
    this.#dialect = wideDialectOf(plan, delimiter);
    this.#comment = plan.comment === null ? null : String.fromCharCode(plan.comment);
    this.#map = new WideOrigin(feed.origin ?? null, path);
    this.origin = this.#map;
  }

  get taken(): number {
    return this.#feed.taken;
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#output.length === 0 && !(await this.#advance())) break;
      const part = this.#output.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#output = this.#output.subarray(part.length);
    }
    return filled;
  }

  /** Reads the next piece; false at the end of the input. */
  async #advance(): Promise<boolean> {
    while (this.#output.length === 0) {
      if (this.#ended) return false;
      const parser = this.#parser ?? (await this.#begin());
      try {
        if (!this.#inputEnded || this.#carry.length > 0) await this.#give(parser, await this.#nextPiece());
        if (this.#inputEnded && this.#carry.length === 0) {
          await parser.end();
          this.#finish();
        }
      } catch (error) {
        throw this.#explain(parser, error);
      }
      this.#flush();
    }
    return true;
  }

  /** Passes what stands before the records, and finds out how lines end. */
  async #begin(): Promise<WideParser> {
    const start = await readWideStart(this.#feed, this.#plan, this.#dialect, this.#path);
    this.#newline = start.newline;
    this.#inputEnded = start.ended;
    this.#carry = start.bytes.slice(start.passed);
    this.#passed = start.passed;
    this.#lines = start.lines;
    const before = start.bytes.slice(0, start.passed);
    this.#map.add(before, before.length);
    this.#output = before;
    this.#parser = await WideParser.open({
      dialect: this.#dialect,
      comment: this.#comment,
      newline: start.newline,
      maxRowBytes: this.#plan.maxRowBytes,
      onRecord: (fields, end) => this.#take(fields, end + start.passed),
    });
    return this.#parser;
  }

  /** Whole characters, at least as many as there are. */
  async #nextPiece(): Promise<Buffer> {
    let bytes: Uint8Array = this.#carry;
    if (!this.#inputEnded) {
      bytes = new Uint8Array(this.#carry.length + this.#pieceBytes);
      bytes.set(this.#carry);
      const room = bytes.subarray(this.#carry.length);
      const count = await this.#feed.fill(room);
      this.#inputEnded = count < room.length;
      bytes = bytes.subarray(0, this.#carry.length + count);
    }
    const whole = this.#inputEnded ? bytes.length : wholeCharacters(bytes);
    this.#carry = bytes.slice(whole);
    return Buffer.from(bytes.buffer, bytes.byteOffset, whole);
  }

  async #give(parser: WideParser, piece: Buffer): Promise<void> {
    if (!isUtf8(piece)) {
      const line = this.#lines + countLineEnds(this.#pending, this.#newline) + linesBeforeDamage(piece, this.#newline);
      throw this.#refuse('ATLAS_CSV_ENCODING', line, `bytes are not valid in ${this.#plan.encoding}`);
    }
    if (piece.length === 0) return;
    this.#pending = Buffer.concat([this.#pending, piece]);
    await parser.write(piece);
  }

  /** Takes a record that ends at a position of the input. */
  #take(fields: readonly string[], end: number): void {
    const text = this.#passComments(this.#pending.subarray(0, end - this.#passed).toString());
    const own = text.replace(this.#newline === 'cr' ? /\r\n?$/ : /\r?\n$/, '');
    const record = compareRecord(own, fields, this.#dialect);
    if (record === null) {
      const reason = 'it cannot be read exactly: something stands beside quotes, or is escaped that needs no escape';
      throw this.#refuse('ATLAS_CSV_DAMAGED', this.#lines, reason);
    }
    // Only the last record may have no line end.
    const lineEnd = own.length === text.length ? '' : this.#lineEnd;
    this.#emit(text, rewriteRecord(record, this.#plan) + lineEnd);
  }

  /** What follows the last record can be comments only. */
  #finish(): void {
    this.#ended = true;
    const rest = this.#passComments(this.#pending.toString());
    if (this.#plan.trim && /^[ \t]*$/.test(rest)) this.#emit(rest, '');
    else if (rest !== '') throw this.#refuse('ATLAS_CSV_DAMAGED', this.#lines, 'the end of the file is no record');
  }

  /** Rewrites the comments that a text begins with; answers the rest of it. */
  #passComments(text: string): string {
    let rest = text;
    while (this.#comment !== null && rest.startsWith(this.#comment)) {
      const [line = rest] = (this.#newline === 'cr' ? /^[^\r]*(?:\r\n?)?/ : /^[^\n]*\n?/).exec(rest) ?? [];
      this.#emit(line, /[\r\n]$/.test(line) ? `#${this.#lineEnd}` : '#');
      rest = rest.slice(line.length);
    }
    return rest;
  }

  /** Says that the start of what is pending, a text, was written in another way. */
  #emit(text: string, written: string): void {
    const bytes = this.#pending.subarray(0, Buffer.byteLength(text));
    this.#rewritten.push(written);
    this.#map.add(bytes, Buffer.byteLength(written));
    this.#lines += countLineEnds(bytes, this.#newline);
    this.#passed += bytes.length;
    this.#pending = this.#pending.subarray(bytes.length);
  }

  get #lineEnd(): string {
    return this.#newline === 'cr' ? '\r' : '\n';
  }

  #flush(): void {
    if (this.#rewritten.length === 0) return;
    this.#output = Buffer.concat([this.#output, Buffer.from(this.#rewritten.join(''))]);
    this.#rewritten = [];
  }

  #explain(parser: WideParser, error: unknown): unknown {
    if (error instanceof AtlasError) return error;
    const damage = parser.explain(error);
    if (damage === null) return error;
    this.#passComments(this.#pending.toString());
    return this.#refuse(damage.code, this.#lines, damage.reason);
  }

  #refuse(code: ErrorCode, linesBefore: number, reason: string): AtlasError {
    const line = linesBefore + 1;
    return new AtlasError(code, `${this.#path}: line ${line}: ${reason}`, { place: { file: this.#path, line } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#feed[Symbol.asyncDispose]();
  }
}

/** Line ends before the first byte of a piece that is not UTF-8. */
function linesBeforeDamage(piece: Uint8Array, newline: Newline): number {
  let low = 0;
  let high = piece.length;
  // The longest start of whole characters that is valid.
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const start = piece.subarray(0, middle);
    if (isUtf8(start.subarray(0, wholeCharacters(start)))) low = middle;
    else high = middle - 1;
  }
  return countLineEnds(piece.subarray(0, low), newline);
}
