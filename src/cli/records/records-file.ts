import type { Keys } from '../../plan/propose/propose-source.ts';
import type { FoundFormat } from './records-format.ts';
import type { RecordsInput } from './records-inputs.ts';

/** A column of a file, and what it most narrowly is, by every row of it. */
export interface RecordsColumn {
  /** What it is called in a table. */
  readonly name: string;
  /** What it is called in the file, as a feature says it. */
  readonly from: string;
  /** As people write it. */
  readonly type: string;
  readonly nullable: boolean;
  /** No row has a value: any type would do. */
  readonly blank: boolean;
  /** How it is spelled where that is out of the ordinary, by the keys of a feature. */
  readonly spelling: Keys;
}

/** A file, looked at whole. */
export interface RecordsFile {
  readonly input: RecordsInput;
  readonly found: FoundFormat;
  readonly bytes: number;
  /** Rows that can be taken whatever their types, and rows that are damaged. */
  readonly rows: number;
  readonly damaged: number;
  /** Keys of the source, without features. */
  readonly source: Keys;
  readonly columns: readonly RecordsColumn[];
  /** What is worth a word, a sentence each. */
  readonly notes: readonly string[];
}
