import { PartitionRouter, routerReserve } from '../../encode/partition/partition-router.ts';
import type { ParquetDatasetPlan } from '../../flow/dataset-plan.ts';
import { rowTextBytes } from '../../flow/row-text-bytes.ts';

/** Room for constants beside the texts of a row. */
const CONSTANTS = 1 << 20;

/** What sorts the rows of a plan by partition, and how much kernel memory it needs; null where the plan does not partition. */
export function openRouting({ schema, source, destination: { partitionBy } }: ParquetDatasetPlan) {
  if (partitionBy.length === 0) return null;
  const plan = { schema, partitionBy, textBytes: rowTextBytes(source) + CONSTANTS };
  const open = (kernel: ConstructorParameters<typeof PartitionRouter>[1]) => new PartitionRouter(plan, kernel);
  return { reserve: routerReserve(plan), open };
}
