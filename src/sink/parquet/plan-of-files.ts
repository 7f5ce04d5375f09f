import type { ParquetDatasetPlan } from '../../flow/dataset-plan.ts';

/**
 * The plan as its data files see it: without the columns that `partition_by` moves into folder names. Fragments must be
 * encoded by this plan, and by its row-group bounds: a row group never spans files.
 */
export function planOfFiles(plan: ParquetDatasetPlan): ParquetDatasetPlan {
  const { partitionBy, maxRowsPerFile, rowGroupRows } = plan.destination;
  const fields = plan.schema.fields.filter(({ name }) => !partitionBy.includes(name));
  const bound = Math.min(rowGroupRows, maxRowsPerFile ?? rowGroupRows);
  return { ...plan, schema: { fields }, destination: { ...plan.destination, rowGroupRows: bound } };
}
