import { createHash } from 'node:crypto';
import type { TableSourcePlan } from '../../flow/dataset-plan.ts';
import { canonicalJson } from '../../plan/hash-plan.ts';

/** SHA-256 (hex) of what a watermark is of: where it has changed, the old one says nothing about the rows of the new. */
export function sourceKey({ type, connection, relation, query, where, incremental }: TableSourcePlan): string {
  const counted = { type, connection, relation, query, where, column: incremental?.column ?? null };
  return createHash('sha256').update(canonicalJson(counted)).digest('hex');
}
