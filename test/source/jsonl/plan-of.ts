import type { JsonlSourcePlan } from '../../../src/flow/dataset-plan.ts';
import { jsonlSourceSchema } from '../../../src/metadata/jsonl-source-schema.ts';
import { planJsonlSource } from '../../../src/plan/plan-jsonl-source.ts';
import { Templates } from '../../../src/plan/templates.ts';
import type { SourceInput } from '../csv/plan-of.ts';

/** Plans a source through the real schema and planner; `slice_bytes` and `max_row_bytes` may be smaller than metadata allows. */
export function planOf(source: SourceInput, root = '/'): JsonlSourcePlan {
  const { slice_bytes: sliceBytes, max_row_bytes: maxRowBytes, ...rest } = source;
  const features = source.features.map((feature) => {
    if (typeof feature !== 'string') return feature;
    const [name, type] = feature.split(' ');
    return { name, type: type ?? 'string' };
  });
  const plan = planJsonlSource(
    jsonlSourceSchema.parse({ type: 'jsonl', ...rest, features }),
    { root, connections: {} },
    new Templates({}, '', []),
  );
  return {
    ...plan,
    ...(sliceBytes === undefined ? {} : { sliceBytes: Number(sliceBytes) }),
    ...(maxRowBytes === undefined ? {} : { maxRowBytes: Number(maxRowBytes) }),
  };
}
