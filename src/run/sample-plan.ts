import { resolve } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import { decodeAll } from './decode-all.ts';

/** How a sample is written whose rows would go into a table. */
const SAMPLE_FILE = {
  type: 'parquet',
  compression: 'snappy',
  compressionLevel: null,
  encodings: 'auto',
  rowGroupRows: 1_048_576,
  rowGroupBytes: 64 * 1024 * 1024,
  pageBytes: 1024 * 1024,
} as const;

/**
 * The plan of a sample: the same rows, into one local file of its own instead of the target.
 * Fails with ATLAS_USAGE where that file is the target: a few rows would stand where all of them did.
 */
export function samplePlan(plan: DatasetPlan, file: string): DatasetPlan {
  if (resolve(file) === resolve(plan.destination.path)) {
    throw new AtlasError('ATLAS_USAGE', `--to is ${file}, which is the target of ${plan.dataset} itself`, {
      hint: 'Name another file.',
    });
  }
  const destination = {
    ...(plan.destination.type === 'parquet' ? plan.destination : SAMPLE_FILE),
    path: file,
    folder: false,
    mode: 'overwrite' as const,
    layout: 'plain' as const,
    maxRowsPerFile: null,
    partitionBy: [],
  };
  return {
    ...decodeAll(plan),
    destination,
    notes: [`a sample of the rows that would go to ${plan.destination.path}`],
  };
}
