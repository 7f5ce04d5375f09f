import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Receipt } from '../flow/receipt.ts';
import { nameLogicalType } from '../metadata/logical-type.ts';

/** The columns of a plan as a receipt tells them. */
export function receiptSchema({ schema }: DatasetPlan): Receipt['schema'] {
  return schema.fields.map(({ name, type, nullable }) => ({ name, type: nameLogicalType(type), nullable }));
}
