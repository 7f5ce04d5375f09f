import type { DatasetPlan, SourcePlan } from '../flow/dataset-plan.ts';
import type { Source } from '../metadata/dataset-schema.ts';
import { isTableSource } from '../metadata/is-table-source.ts';
import type { DescribedDataset } from './described-dataset.ts';
import { planCsvSource } from './plan-csv-source.ts';
import { planJsonlSource } from './plan-jsonl-source.ts';
import { planParquetSource } from './plan-parquet-source.ts';
import type { Places } from './resolve-place.ts';
import { planTableSource } from './table/plan-table-source.ts';
import type { Templates } from './templates.ts';

/** Resolves a source of any type. */
export function planSource(
  source: Source,
  onDrift: DatasetPlan['onDrift'],
  places: Places,
  templates: Templates,
  described: Pick<DescribedDataset, 'description' | 'file'> | null,
): SourcePlan {
  const missingColumns = onDrift === 'fail' ? 'refuse' : 'null';
  if (source.type === 'jsonl') return { ...planJsonlSource(source, places, templates), missingColumns };
  if (isTableSource(source)) return planTableSource(source, described?.description ?? null, onDrift, places, templates);
  if (source.type === 'parquet')
    return { ...planParquetSource(source, places, templates, described?.file ?? null), missingColumns };
  return { ...planCsvSource(source, places, templates), missingColumns };
}
