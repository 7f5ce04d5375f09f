import type { Source } from '../../metadata/dataset-schema.ts';
import { isTableSource } from '../../metadata/is-table-source.ts';
import { type Places, resolvePlace } from '../resolve-place.ts';
import { Templates } from '../templates.ts';

/**
 * The path, glob or name in a store of files whose own columns a source takes; null where it lists its features, or where the path cannot be
 * resolved, which the plan says.
 */
export function fileToDescribe(
  source: Source,
  places: Places,
  values: Readonly<Record<string, string>>,
): string | null {
  if (isTableSource(source) || source.features !== '*') return null;
  const problems: ConstructorParameters<typeof Templates>[2] = [];
  const templates = new Templates(values, '', problems);
  const path = resolvePlace(templates.fill(source.path, 'source.path'), 'source.path', places, templates);
  return problems.length === 0 ? path : null;
}
