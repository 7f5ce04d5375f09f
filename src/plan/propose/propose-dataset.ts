import type { CsvDialect } from '../../flow/sniff.ts';
import { type GuessedColumn, proposeFeatures } from './propose-features.ts';
import { type Keys, proposeSource } from './propose-source.ts';

/** What is known of a dataset that is to be written. */
export interface DatasetFacts {
  readonly name: string;
  /** As a document writes it: relative to the folder that holds metadata/, or a glob. */
  readonly path: string;
  readonly compression: 'auto' | 'none' | 'gzip' | 'zstd';
  readonly dialect: CsvDialect;
  readonly columns: readonly GuessedColumn[];
  /** Rows that can be taken, and rows that are damaged, in all files. */
  readonly rows: number;
  readonly damaged: number;
  /** Of the rows that can be taken otherwise, those with values that are not valid in the encoding. */
  readonly unreadable: number;
  /** The files do not all have the same columns. */
  readonly drift: boolean;
}

/** A dataset as a document holds it, and comments above its features. */
export interface ProposedDataset {
  readonly keys: Keys;
  readonly features: readonly Keys[];
  readonly comments: readonly (readonly string[])[];
}

/** Writes a dataset down: only what differs from the defaults. Pure. */
export function proposeDataset(facts: DatasetFacts): ProposedDataset {
  const rejects = facts.damaged + facts.unreadable;
  const { features, comments, shared } = proposeFeatures(facts.columns);
  const source = {
    ...proposeSource(facts.path, facts.dialect),
    ...(facts.compression === 'auto' ? {} : { compression: facts.compression }),
    ...shared,
    features,
  };
  const keys = {
    name: facts.name,
    source,
    destination: { type: 'parquet', path: `out/${facts.name}.parquet` },
    ...(rejects === 0 ? {} : { on_error: 'reject', max_rejects: limitOf(facts.rows + facts.damaged, rejects) }),
    ...(facts.rows + facts.damaged === 0 ? { on_empty: 'publish' } : {}),
    ...(facts.drift ? { on_drift: 'ignore' } : {}),
  };
  return { keys, features, comments };
}

/** A share of the rows that covers those that will be rejects, and a tenth more. */
export function limitOf(rows: number, rejects: number): string {
  const share = (rejects / rows) * 1.1;
  return `${Math.min(100, Math.ceil(Number((share * 10_000).toFixed(6))) / 100)}%`;
}
