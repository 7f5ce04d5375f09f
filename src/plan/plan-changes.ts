import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Receipt } from '../flow/receipt.ts';
import { compareSchemas, type SchemaChange } from './compare-schemas.ts';
import { isLossNote } from './describe-notes.ts';
import { receiptSchema } from './receipt-schema.ts';

/** What a reader of the target will find different after the next run. */
export interface PlanChanges {
  readonly schema: readonly SchemaChange[];
  /** Losses that the plan allows and the last run did not, and the reverse; as notes. */
  readonly newLosses: readonly string[];
  readonly goneLosses: readonly string[];
  /** Any of these. */
  readonly changed: boolean;
}

/** Compares a plan with the receipt of what was last published: columns, and what may be lost. Pure. */
export function planChanges(plan: DatasetPlan, last: Pick<Receipt, 'schema' | 'notes'>): PlanChanges {
  const schema = compareSchemas(last.schema, receiptSchema(plan));
  const before = last.notes.filter(isLossNote);
  const after = plan.notes.filter(isLossNote);
  const newLosses = after.filter((note) => !before.includes(note));
  const goneLosses = before.filter((note) => !after.includes(note));
  return { schema, newLosses, goneLosses, changed: schema.length + newLosses.length + goneLosses.length > 0 };
}
