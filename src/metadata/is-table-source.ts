import type { Source } from './dataset-schema.ts';
import type { Feature } from './feature-schema.ts';
import type { TableSource } from './table-source-schema.ts';

/** Whether rows come from a database. */
export function isTableSource(source: Source): source is TableSource {
  return source.type === 'postgresql' || source.type === 'mysql';
}

/** The features that a document declares; none where it takes those of the table (`"*"`). */
export function declaredFeatures({ features }: Pick<Source, 'features'>): readonly Feature[] {
  return features === '*' ? [] : features;
}

/** The path that a source of files reads; null for a database. */
export function pathOfSource(source: Source): string | null {
  return isTableSource(source) ? null : source.path;
}
