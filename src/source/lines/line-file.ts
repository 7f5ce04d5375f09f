import type { InputCompression } from '../feed/sniff-compression.ts';
import type { Newline } from './line-end.ts';

/** One file of lines as a survey found it. */
export interface LineFile {
  /** Absolute, or `-`. */
  readonly path: string;
  /** What `@file` and rejects call it. */
  readonly name: string;
  /** Bytes as stored, null for a pipe; the size of the data itself where `plain`. */
  readonly bytes: number | null;
  readonly identity: string | null;
  readonly compression: InputCompression;
  /** The parser sees the bytes as they stand on the disk: a task may begin anywhere. */
  readonly plain: boolean;
  readonly newline: Newline;
  /** Bytes and lines before the first record; `start` is their sum. */
  readonly start: number;
  readonly header: number;
  readonly skipped: number;
  readonly blank: number;
  readonly comment: number;
  readonly lines: number;
  /** Physical lines before each slice of the file, where a feature wants absolute lines of a file of several slices. */
  readonly linesBefore: readonly number[] | null;
}
