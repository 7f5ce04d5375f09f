import { AtlasError } from '../../../errors.ts';
import type { PostgresSourcePlan } from '../../../flow/dataset-plan.ts';
import type { TableDescription } from '../../../flow/table-description.ts';

/** Fails with ATLAS_DB_CHANGED where a column that the plan takes is gone, or of another type than when it was planned. */
export function compareWithPlan(plan: PostgresSourcePlan, { columns }: TableDescription): void {
  const types = new Map(columns.map(({ name, type }) => [name, type.sql]));
  const wanted = plan.features.map(({ from }, index) => ({ from, serverType: plan.columns[index]?.serverType }));
  const { incremental } = plan;
  if (incremental !== null) wanted.push({ from: incremental.column, serverType: incremental.serverType });
  for (const { from, serverType } of wanted) {
    if (serverType === undefined) continue;
    const now = types.get(from);
    if (now === serverType) continue;
    const found = now === undefined ? 'there is no such column any more' : `it is ${now} now`;
    throw new AtlasError(
      'ATLAS_DB_CHANGED',
      `column ${JSON.stringify(from)} of ${plan.path} was ${serverType} when its load was planned; ${found}`,
    );
  }
}
