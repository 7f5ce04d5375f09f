import { isAbsolute, join } from 'node:path';
import type { ParquetSourcePlan } from '../../../src/flow/dataset-plan.ts';
import { parquetSourceSchema } from '../../../src/metadata/parquet-source-schema.ts';
import { planParquetSource } from '../../../src/plan/plan-parquet-source.ts';
import { Templates } from '../../../src/plan/templates.ts';

/** Features as a document holds them: by name and type, or with more keys. */
export type Features = Readonly<Record<string, string | object>>;

export function featuresOf(features: Features): readonly object[] {
  return Object.entries(features).map(([name, about]) =>
    typeof about === 'string' ? { name, type: about } : { name, ...about },
  );
}

/** The plan of a Parquet source as a document would say it. */
export function planOf(path: string, features: Features, keys: object = {}): ParquetSourcePlan {
  const root = isAbsolute(path) ? join(path, '..') : '/';
  const source = parquetSourceSchema.parse({ type: 'parquet', path, features: featuresOf(features), ...keys });
  return planParquetSource(source, { root, connections: {} }, new Templates({}, '', []));
}
