import type { Encoding } from '../metadata/encodings.ts';

/** What people say of a file beforehand, in the spelling of metadata: what is said is not guessed. */
export interface GivenDialect {
  readonly compression?: 'none' | 'gzip' | 'zstd';
  readonly encoding?: Encoding;
  readonly delimiter?: string;
  readonly rowDelimiter?: string;
  /** null = no quoting. */
  readonly quote?: string | null;
  /** The quote itself (doubled) or a backslash. */
  readonly escape?: string;
  /** null = there are no comment lines. */
  readonly comment?: string | null;
  readonly trim?: boolean;
  readonly header?: boolean;
  readonly skipRows?: number;
}

/** How a file is to be read, in the spelling of metadata. */
export interface CsvDialect {
  readonly encoding: Encoding;
  readonly delimiter: string;
  readonly rowDelimiter: string;
  readonly quote: string | null;
  /** null = the default (doubled quotes; without quoting, none). */
  readonly escape: string | null;
  readonly comment: string | null;
  readonly trim: boolean;
  readonly trailingDelimiter: boolean;
  /** Names are read from the file; else they are `columns`, and what stands in the file is skipped. */
  readonly header: boolean;
  /** Names of all columns, in order: as the header has them, or made up. */
  readonly columns: readonly string[];
  readonly skipRows: number;
  readonly repeatedHeader: 'reject' | 'skip';
}

/** One decision: what was decided, how sure that is (0 to 1), and why. */
export interface Evidence {
  /** The key of metadata that it is about, or a word of its own (`rows`). */
  readonly about: string;
  readonly decided: string;
  readonly confidence: number;
  readonly because: string;
}

/** One reading of a file. */
export interface CsvReading {
  readonly dialect: CsvDialect;
  /** How well it explains the start of the file, 0 to 1; comparable among the readings of one file. */
  readonly score: number;
  /** Share of the rows at the start of the file that are damaged in it. */
  readonly damaged: number;
  readonly evidence: readonly Evidence[];
}

/** One file, looked at: every byte of it for its encoding, its start for its dialect. */
export interface CsvSniff {
  /** Absolute. */
  readonly file: string;
  /** As stored. */
  readonly bytes: number;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Best first, at least one; the others are worth a try where the whole file contradicts the first. */
  readonly readings: readonly CsvReading[];
}
