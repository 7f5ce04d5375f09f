import { AtlasError, type ErrorCode } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Head } from '../../feed/head.ts';
import {
  afterLineEnd,
  countLineEnds,
  findEitherEnd,
  lineEndLength,
  type Newline,
  newlineAt,
} from '../../lines/line-end.ts';
import { skipBlanks } from '../parser/blanks.ts';
import { dialectSeen } from '../wide/wide-dialect.ts';
import { readHeaderRecord } from './header-record.ts';
import { findRecordEnd } from './record-end.ts';

/** What stands before the first record of a file, in bytes; together `start`. */
export interface Prologue {
  readonly newline: Newline;
  /** Where the data starts. */
  readonly start: number;
  /** With the byte order mark, where the file has a header. */
  readonly header: number;
  /** Skipped lines; with the byte order mark, where lines are skipped or there is no header. */
  readonly skipped: number;
  readonly blank: number;
  /** Comment lines before the header. */
  readonly comment: number;
  /** Physical line ends before `start`. */
  readonly lines: number;
  /** Null where the plan has no header, or the file ends before it. */
  readonly names: readonly string[] | null;
  /** The header as it stands, without byte order mark and line end; null where there are no names. */
  readonly record: Uint8Array | null;
  /** What follows, as far as was seen: nothing (but comments), blank lines (and comments), or something else. */
  readonly rest: 'nothing' | 'blank' | 'records';
}

const BOM = [0xef, 0xbb, 0xbf] as const;
const CR = 13;

/**
 * Reads the start of a file: byte order mark, `skip_rows` physical lines, blank lines and comments, header. At most `max_row_bytes` for
 * each line that is no comment.
 * Fails with ATLAS_CSV_HEADER_INVALID, ATLAS_CSV_TOO_MANY_COLUMNS, ATLAS_CSV_ROW_TOO_LONG and what the feed fails with.
 */
export async function readPrologue(head: Head, plan: CsvSourcePlan, file: string): Promise<Prologue> {
  const reader = new PrologueReader(head, dialectSeen(plan), file);
  return reader.run();
}

class PrologueReader {
  readonly #head: Head;
  readonly #plan: CsvSourcePlan;
  readonly #file: string;
  #newline: Newline | null;
  #lines = 0;
  #record: Uint8Array | null = null;

  constructor(head: Head, plan: CsvSourcePlan, file: string) {
    this.#head = head;
    this.#plan = plan;
    this.#file = file;
    this.#newline = plan.rowDelimiter === 'auto' ? null : plan.rowDelimiter;
  }

  async run(): Promise<Prologue> {
    const head = this.#head;
    const bom = await this.#passMark();
    const skipped = this.#plan.skipRows > 0 ? await this.#passSkipped() : 0;
    const { blank, comment } = this.#plan.header ? await this.#passEmptyLines() : { blank: 0, comment: 0 };
    const before = head.offset;
    const names = this.#plan.header ? await this.#readHeader() : null;
    if (!this.#plan.header) await this.#lookAtFirstRecord();
    const header = head.offset - before;
    const counted = names !== null && this.#plan.skipRows === 0;
    return {
      newline: this.#newline ?? 'lf',
      start: head.offset,
      header: header + (counted ? bom : 0),
      skipped: skipped + (counted ? 0 : bom),
      blank,
      comment,
      lines: this.#lines,
      names,
      record: this.#record,
      rest: await this.#lookAtRest(),
    };
  }

  async #passMark(): Promise<number> {
    await this.#head.more();
    const { bytes } = this.#head;
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
      throw this.#refuse(
        'ATLAS_CSV_ENCODING',
        'the file starts with the byte order mark of UTF-16, encoding is utf-8',
        'Set encoding to utf-16.',
      );
    }
    if (BOM.some((byte, index) => bytes[index] !== byte)) return 0;
    this.#head.pass(BOM.length);
    return BOM.length;
  }

  /** Lines are skipped as they stand on the disk: quotes mean nothing there. */
  async #passSkipped(): Promise<number> {
    const head = this.#head;
    const from = head.offset;
    for (let row = 0; row < this.#plan.skipRows; row += 1) {
      const length = await this.#physicalLine();
      head.pass(length);
      if (head.ended && head.bytes.length === 0) break;
    }
    return head.offset - from;
  }

  async #physicalLine(): Promise<number> {
    const head = this.#head;
    for (;;) {
      const after = this.#knownLine();
      const known = after < 0 ? head.bytes.length : after;
      if (known > this.#plan.maxRowBytes + 2) throw this.#tooLong('a line before the header (skip_rows)');
      if (after >= 0) this.#lines += 1;
      if (after >= 0 || head.ended) return known;
      await head.more();
    }
  }

  /** The position after the physical line at the start of what is known, or -1. */
  #knownLine(): number {
    const { bytes, ended } = this.#head;
    if (this.#newline === null) {
      const at = findEitherEnd(bytes, 0);
      this.#newline = at < 0 ? null : newlineAt(bytes, at, ended);
    }
    return this.#newline === null ? -1 : afterLineEnd(bytes, 0, this.#newline, ended);
  }

  /** Blank lines and comments in any order. */
  async #passEmptyLines(): Promise<{ readonly blank: number; readonly comment: number }> {
    let blank = 0;
    let comment = 0;
    for (;;) {
      const from = this.#head.offset;
      await this.#passBlank();
      blank += this.#head.offset - from;
      if (this.#plan.comment === null || this.#head.bytes[0] !== this.#plan.comment) return { blank, comment };
      const start = this.#head.offset;
      await this.#passComment();
      comment += this.#head.offset - start;
    }
  }

  /** Passes all blank lines, and knows the byte after them. */
  async #passBlank(): Promise<void> {
    for (;;) {
      const { length, starved } = this.#knownBlank();
      this.#head.pass(length);
      if (!starved) return;
      await this.#head.more();
    }
  }

  /** Bytes of the blank lines at the start of what is known, and whether more must be known to tell. */
  #knownBlank(): { readonly length: number; readonly starved: boolean } {
    const { bytes, ended } = this.#head;
    let length = 0;
    for (;;) {
      const at = this.#plan.trim ? skipBlanks(bytes, length, bytes.length) : length;
      if (at - length > this.#plan.maxRowBytes) return { length, starved: false };
      if (at === bytes.length) return ended ? { length: at, starved: false } : { length, starved: true };
      const end = lineEndLength(bytes, at, this.#newline, ended);
      if (end <= 0) return { length, starved: end < 0 };
      this.#newline ??= newlineAt(bytes, at, ended) ?? 'lf';
      this.#lines += 1;
      length = at + end;
    }
  }

  /** Passes a comment line, however long. */
  async #passComment(): Promise<void> {
    const head = this.#head;
    for (;;) {
      const after = this.#knownLine();
      if (after >= 0) this.#lines += 1;
      const open = head.bytes.at(-1) === CR && !head.ended ? 1 : 0;
      head.pass(after >= 0 ? after : head.bytes.length - open);
      if (after >= 0 || head.ended) return;
      await head.more();
    }
  }

  async #readHeader(): Promise<readonly string[] | null> {
    const head = this.#head;
    for (;;) {
      if (head.ended && head.bytes.length === 0) return null;
      const record = readHeaderRecord(head.bytes, this.#newline, this.#plan, head.ended);
      if (record.kind === 'refused') throw this.#refuse(record.code, record.reason);
      if (record.kind === 'starved') {
        await head.more();
        continue;
      }
      this.#newline = record.newline;
      this.#lines += countLineEnds(head.bytes.subarray(0, record.length), record.newline);
      this.#record = head.bytes.slice(0, record.content);
      head.pass(record.length);
      return record.names;
    }
  }

  /** Finds out the line ending of a file without a header: the first line end outside quotes. */
  async #lookAtFirstRecord(): Promise<void> {
    const head = this.#head;
    while (this.#newline === null) {
      const bounded = head.bytes.length > this.#plan.maxRowBytes;
      const seen = head.bytes.subarray(0, this.#plan.maxRowBytes);
      const at = findRecordEnd(seen, this.#plan, head.ended || bounded);
      if (at >= 0) this.#newline = newlineAt(head.bytes, at, head.ended);
      if (this.#newline !== null || head.ended || (bounded && at < 0)) return;
      await head.more();
    }
  }

  async #lookAtRest(): Promise<Prologue['rest']> {
    const head = this.#head;
    for (;;) {
      const rest = this.#knownRest();
      if (rest !== null) return rest;
      if (head.bytes.length > this.#plan.maxRowBytes) return 'records';
      await head.more();
    }
  }

  /** What follows, null where that is not known yet. */
  #knownRest(): Prologue['rest'] | null {
    const { bytes, ended } = this.#head;
    const { comment, trim } = this.#plan;
    const newline = this.#newline ?? 'lf';
    let rest: Prologue['rest'] = 'nothing';
    let at = 0;
    while (at < bytes.length) {
      if (bytes[at] === comment) {
        const after = afterLineEnd(bytes, at, newline, ended);
        at = after < 0 ? bytes.length : after;
        if (after < 0 && !ended) return null;
        continue;
      }
      rest = 'blank';
      at = trim ? skipBlanks(bytes, at, bytes.length) : at;
      if (at === bytes.length) break;
      const end = lineEndLength(bytes, at, newline, ended);
      if (end === 0) return 'records';
      if (end < 0) return null;
      at += end;
    }
    return ended ? rest : null;
  }

  #tooLong(what: string): AtlasError {
    return this.#refuse(
      'ATLAS_CSV_ROW_TOO_LONG',
      `${what} is longer than ${this.#plan.maxRowBytes} bytes (max_row_bytes)`,
    );
  }

  #refuse(code: ErrorCode, reason: string, hint?: string): AtlasError {
    return new AtlasError(code, `${this.#file}: ${reason}`, {
      place: { file: this.#file, line: this.#lines + 1 },
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
