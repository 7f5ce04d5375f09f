import { AtlasError } from '../../../errors.ts';

/** What the file at `path` contradicts itself in. */
export function damaged(path: string, what: string, cause?: unknown): AtlasError {
  return new AtlasError('ATLAS_PARQUET_DAMAGED', `${path}: ${what}`, { cause, place: { file: path } });
}

/** What the file at `path` uses that cannot be read. */
export function unsupported(path: string, what: string): AtlasError {
  return new AtlasError('ATLAS_PARQUET_UNSUPPORTED', `${path}: ${what}`, { place: { file: path } });
}
