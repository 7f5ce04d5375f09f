import type { SourcePlan } from '../flow/dataset-plan.ts';
import type { Source } from '../metadata/dataset-schema.ts';
import { planCsvSource } from './plan-csv-source.ts';
import { planParquetSource } from './plan-parquet-source.ts';
import type { Places } from './resolve-place.ts';
import type { Templates } from './templates.ts';

/** Resolves a source of any type; a column that an input lacks reads as it says. */
export function planSource(
  source: Source,
  missingColumns: SourcePlan['missingColumns'],
  places: Places,
  templates: Templates,
): SourcePlan {
  if (source.type === 'parquet') return { ...planParquetSource(source, places, templates), missingColumns };
  return { ...planCsvSource(source, places, templates), missingColumns };
}
