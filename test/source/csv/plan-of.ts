import type { CsvSourcePlan } from '../../../src/flow/dataset-plan.ts';
import { csvSourceSchema } from '../../../src/metadata/csv-source-schema.ts';
import { planCsvSource } from '../../../src/plan/plan-csv-source.ts';
import { Templates } from '../../../src/plan/templates.ts';

/** A feature as `name type`, or whole, as metadata writes it. */
export type FeatureInput = string | { readonly [key: string]: unknown };

/** A CSV source as metadata writes it, and bounds that metadata does not let people set so low. */
export interface SourceInput {
  readonly path: string;
  readonly features: readonly FeatureInput[];
  readonly [key: string]: unknown;
}

/** Plans a source through the real schema and planner; `slice_bytes` and `max_row_bytes` may be smaller than metadata allows. */
export function planOf(source: SourceInput, root = '/'): CsvSourcePlan {
  const { slice_bytes: sliceBytes, max_row_bytes: maxRowBytes, ...rest } = source;
  const features = source.features.map((feature) => {
    if (typeof feature !== 'string') return feature;
    const [name, type] = feature.split(' ');
    return { name, type: type ?? 'string' };
  });
  const plan = planCsvSource(
    csvSourceSchema.parse({ type: 'csv', ...rest, features }),
    { root, connections: {} },
    new Templates({}, '', []),
  );
  return {
    ...plan,
    ...(sliceBytes === undefined ? {} : { sliceBytes: Number(sliceBytes) }),
    ...(maxRowBytes === undefined ? {} : { maxRowBytes: Number(maxRowBytes) }),
  };
}
