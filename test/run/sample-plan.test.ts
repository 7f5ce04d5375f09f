import { describe, expect, it } from 'vitest';
import type { DatasetPlan } from '../../src/flow/dataset-plan.ts';
import { samplePlan } from '../../src/run/sample-plan.ts';

const plan = {
  dataset: 'orders',
  source: { type: 'csv' },
  destination: {
    type: 'parquet',
    path: '/data/orders',
    folder: true,
    mode: 'error_if_exists',
    maxRowsPerFile: 10,
    partitionBy: ['day'],
  },
} as unknown as DatasetPlan;

describe('a sample', () => {
  it('is one file that is replaced, wherever the rows go otherwise', () => {
    const { destination } = samplePlan(plan, '/tmp/sample.parquet');
    expect(destination).toMatchObject({
      path: '/tmp/sample.parquet',
      folder: false,
      mode: 'overwrite',
      maxRowsPerFile: null,
      partitionBy: [],
    });
  });

  it('never replaces the target of its own dataset', () => {
    for (const file of ['/data/orders', '/data/x/../orders']) {
      expect(() => samplePlan(plan, file)).toThrowError(expect.objectContaining({ code: 'ATLAS_USAGE' }));
    }
  });
});
