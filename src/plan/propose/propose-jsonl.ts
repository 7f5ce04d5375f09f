import { spellKeyPath } from '../../metadata/key-path.ts';
import { limitOf, type ProposedDataset } from './propose-dataset.ts';
import { type GuessedColumn, proposeFeatures } from './propose-features.ts';
import { type Keys, literal, literalPath } from './propose-source.ts';

/** What is known of a dataset of JSON lines that is to be written. */
export interface JsonlFacts {
  readonly name: string;
  /** As a document writes it: relative to the folder that holds metadata/, or a glob. */
  readonly path: string;
  readonly compression: 'auto' | 'none' | 'gzip' | 'zstd';
  /** Keys of the lines' own objects. */
  readonly columns: readonly GuessedColumn[];
  /** Lines that can be taken, and lines that are damaged, in all files. */
  readonly rows: number;
  readonly damaged: number;
}

/** Writes a dataset of JSON lines down: only what differs from the defaults. Pure. */
export function proposeJsonl(facts: JsonlFacts): ProposedDataset {
  const { name, path, compression, columns, rows, damaged } = facts;
  const { features: proposed, comments, shared } = proposeFeatures(columns);
  const features = proposed.map((keys, index) => withFrom(keys, columns[index]?.name ?? ''));
  const source = {
    type: 'jsonl',
    path: literalPath(path),
    ...(compression === 'auto' ? {} : { compression }),
    ...shared,
    features,
  };
  const keys = {
    name,
    source,
    destination: { type: 'parquet', path: `out/${name}.parquet` },
    ...(damaged === 0 ? {} : { on_error: 'reject', max_rejects: limitOf(rows + damaged, damaged) }),
    ...(rows + damaged === 0 ? { on_empty: 'publish' } : {}),
  };
  return { keys, features, comments };
}

/** A feature with the path to its key, where its name is not that. */
function withFrom({ from: _column, name, type, ...more }: Keys, key: string): Keys {
  const from = literal(spellKeyPath([key]));
  return { name, type, ...(from === name ? {} : { from }), ...more };
}
