import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Receipt } from '../flow/receipt.ts';
import { compareSchemas, type SchemaChange } from './compare-schemas.ts';
import { partitionFeatures } from './partition-features.ts';
import { receiptSchema } from './receipt-schema.ts';

/**
 * Refuses to add rows to files of other columns, types or partitions, by the receipt of the run that wrote some of them; with `evolve`
 * columns may be new, if they may be null. Pure. Fails with ATLAS_TARGET_SCHEMA, both sides shown.
 */
export function refuseOtherColumns(
  plan: DatasetPlan,
  last: Pick<Receipt, 'run' | 'target' | 'schema' | 'files'>,
): void {
  const now = receiptSchema(plan);
  const mayBeNull = new Set(now.filter(({ nullable }) => nullable).map(({ name }) => name));
  const differences = compareSchemas(last.schema, now).flatMap((change) => tell(change, plan, mayBeNull) ?? []);
  const [first] = last.files;
  const parts = first === undefined ? null : keysOf(first.path);
  const partitionBy = partitionFeatures(plan.destination);
  if (parts !== null && parts.join('\n') !== partitionBy.join('\n')) {
    differences.push(`it is partitioned by ${listed(parts)}, the plan by ${listed(partitionBy)}`);
  }
  if (differences.length === 0) return;
  const message = `${last.target} holds what run ${last.run} published, and that does not go with what would be added: ${differences.join('; ')}`;
  throw new AtlasError('ATLAS_TARGET_SCHEMA', message, { place: { file: last.target } });
}

/** What is wrong about a change; null where readers of both kinds of files can bear it. */
function tell(change: SchemaChange, plan: DatasetPlan, mayBeNull: ReadonlySet<string>): string | null {
  switch (change.kind) {
    case 'added':
      if (plan.onDrift === 'evolve' && mayBeNull.has(change.column)) return null;
      return `${change.column} is not there, and would be ${change.type}`;
    case 'removed':
      return `${change.column} is ${change.type}, and would be missing`;
    case 'retyped':
      return `${change.column} is ${change.before}, and would be ${change.after}`;
    case 'moved':
      return `its columns stand in the order ${change.before.join(', ')}, and would in ${change.after.join(', ')}`;
    case 'nullable':
      return null;
  }
}

function keysOf(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return names.flatMap((name) => (name.includes('=') ? [name.slice(0, name.indexOf('='))] : []));
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
