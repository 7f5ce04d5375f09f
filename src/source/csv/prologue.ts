import { AtlasError, type ErrorCode } from '../../errors.ts';
import type { CsvSourcePlan } from '../../flow/dataset-plan.ts';
import type { Head } from './head.ts';
import { readHeaderRecord } from './header-record.ts';
import { afterLineEnd, countLineEnds, findEitherEnd, type Newline, newlineAt } from './line-end.ts';
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
  /** What follows, as far as was seen: nothing, line ends only, or something else. */
  readonly rest: 'nothing' | 'blank' | 'records';
}

const BOM = [0xef, 0xbb, 0xbf] as const;
const LF = 10;
const CR = 13;

/**
 * Reads the start of a file: byte order mark, `skip_rows` physical lines, blank lines, header. At most `max_row_bytes` for each line.
 * Fails with ATLAS_CSV_HEADER_INVALID, ATLAS_CSV_TOO_MANY_COLUMNS, ATLAS_CSV_ROW_TOO_LONG and what the feed fails with.
 */
export async function readPrologue(head: Head, plan: CsvSourcePlan, file: string): Promise<Prologue> {
  const reader = new PrologueReader(head, plan, file);
  return reader.run();
}

class PrologueReader {
  readonly #head: Head;
  readonly #plan: CsvSourcePlan;
  readonly #file: string;
  #newline: Newline | null = null;
  #lines = 0;

  constructor(head: Head, plan: CsvSourcePlan, file: string) {
    this.#head = head;
    this.#plan = plan;
    this.#file = file;
  }

  async run(): Promise<Prologue> {
    const head = this.#head;
    const bom = await this.#passMark();
    const skipped = this.#plan.skipRows > 0 ? await this.#passSkipped() : 0;
    const blank = this.#plan.header ? await this.#passBlank() : 0;
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
      comment: 0,
      lines: this.#lines,
      names,
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
      if (this.#newline === null) {
        const at = findEitherEnd(head.bytes, 0);
        this.#newline = at < 0 ? null : newlineAt(head.bytes, at, head.ended);
      }
      const after = this.#newline === null ? -1 : afterLineEnd(head.bytes, 0, this.#newline, head.ended);
      const known = after < 0 ? head.bytes.length : after;
      if (known > this.#plan.maxRowBytes + 2) throw this.#tooLong('a line before the header (skip_rows)');
      if (after >= 0) this.#lines += 1;
      if (after >= 0 || head.ended) return known;
      await head.more();
    }
  }

  async #passBlank(): Promise<number> {
    const head = this.#head;
    const from = head.offset;
    for (;;) {
      if (head.bytes.length < 2) await head.more();
      const byte = head.bytes[0];
      if (byte !== LF && byte !== CR) return head.offset - from;
      this.#newline ??= newlineAt(head.bytes, 0, head.ended) ?? 'lf';
      const length = this.#blankLength();
      if (length === 0) return head.offset - from;
      head.pass(length);
    }
  }

  /** Bytes of the blank lines at the start of what is known; at least one line where there is one. */
  #blankLength(): number {
    const { bytes, ended } = this.#head;
    const newline = this.#newline ?? 'lf';
    let at = 0;
    while (at < bytes.length) {
      const pair = bytes[at] === CR && bytes[at + 1] === LF;
      if (!pair && bytes[at] !== (newline === 'lf' ? LF : CR)) break;
      if (bytes[at] === CR && at + 1 === bytes.length && !ended) break;
      at += pair ? 2 : 1;
      this.#lines += 1;
    }
    return at;
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
    if (head.bytes.length === 0) await head.more();
    if (head.bytes.length === 0) return 'nothing';
    while (head.bytes.every((byte) => byte === LF || byte === CR)) {
      if (head.ended) return 'blank';
      if (head.bytes.length > this.#plan.maxRowBytes) break;
      await head.more();
    }
    return 'records';
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
