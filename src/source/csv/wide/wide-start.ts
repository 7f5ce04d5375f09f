import { AtlasError } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import { Head } from '../../feed/head.ts';
import { afterLineEnd, findEitherEnd, type Newline, newlineAt } from '../../lines/line-end.ts';
import { findRecordEnd } from '../survey/record-end.ts';
import type { WideDialect } from './wide-record.ts';

/** The start of a file with a wide delimiter. */
export interface WideStart {
  readonly newline: Newline;
  /** What was read of the file, all of it where `ended`. */
  readonly bytes: Uint8Array;
  readonly ended: boolean;
  /** Bytes and lines that are no records: byte order mark and skipped lines. */
  readonly passed: number;
  readonly lines: number;
}

const MARK = [0xef, 0xbb, 0xbf] as const;
/** Skipped lines are kept until records begin. */
const SKIPPED_BYTES = 1 << 27;

/**
 * Reads as far as is needed to know where records begin, and how lines end: as the first of them does. Fails with ATLAS_CSV_ROW_TOO_LONG
 * where a skipped line is longer than `max_row_bytes`.
 */
export async function readWideStart(
  feed: ByteFeed,
  plan: CsvSourcePlan,
  dialect: WideDialect,
  path: string,
): Promise<WideStart> {
  const head = new Head(feed);
  await head.more();
  const mark = MARK.every((byte, index) => head.bytes[index] === byte) ? MARK.length : 0;
  const skipped = await passSkipped(head, mark, plan, path);
  const { passed, lines } = skipped;
  let { newline } = skipped;
  while (newline === null) {
    const bytes = head.bytes.subarray(passed);
    const bounded = bytes.length > plan.maxRowBytes;
    const at = firstEnd(bytes, plan, dialect, head.ended || bounded);
    if (at >= 0) newline = newlineAt(bytes, at, head.ended);
    if (newline !== null || head.ended || (bounded && at < 0)) break;
    await head.more();
  }
  return { newline: newline ?? 'lf', bytes: head.bytes, ended: head.ended, passed, lines };
}

async function passSkipped(head: Head, mark: number, { skipRows, maxRowBytes }: CsvSourcePlan, path: string) {
  let newline: Newline | null = null;
  let passed = mark;
  let lines = 0;
  const refuse = (reason: string): never => {
    const place = { file: path, line: lines + 1 };
    throw new AtlasError('ATLAS_CSV_ROW_TOO_LONG', `${path}: ${reason}`, { place });
  };
  while (lines < skipRows && !(head.ended && passed === head.bytes.length)) {
    const at = newline === null ? findEitherEnd(head.bytes, passed) : -1;
    if (at >= 0) newline = newlineAt(head.bytes, at, head.ended);
    const after = newline === null ? -1 : afterLineEnd(head.bytes, passed, newline, head.ended);
    const length = (after < 0 ? head.bytes.length : after) - passed;
    if (length > maxRowBytes + 2) {
      refuse(`a line before the header (skip_rows) is longer than ${maxRowBytes} bytes (max_row_bytes)`);
    }
    if (after < 0 && !head.ended) {
      if (head.bytes.length > SKIPPED_BYTES) refuse(`skip_rows passes over more than ${SKIPPED_BYTES} bytes`);
      await head.more();
      continue;
    }
    passed += length;
    lines += Number(after >= 0);
  }
  return { newline, passed, lines };
}

/** The end of the first line: of a comment, or of a record. */
function firstEnd(bytes: Uint8Array, plan: CsvSourcePlan, { delimiter }: WideDialect, final: boolean): number {
  const last = Buffer.from(delimiter).at(-1) ?? 0;
  return findRecordEnd(bytes, { ...plan, delimiter: last }, final);
}
