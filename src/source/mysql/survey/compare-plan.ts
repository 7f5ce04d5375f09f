import { AtlasError } from '../../../errors.ts';
import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { TableDescription } from '../../../flow/table-description.ts';

const NAMED = 10;

/**
 * Holds a plan against what the table is now, while nobody can alter it any more. Fails with ATLAS_DB_COLUMN_MISSING and ATLAS_DB_CHANGED.
 */
export function comparePlan(plan: MysqlSourcePlan, { columns }: TableDescription): void {
  const changed: string[] = [];
  plan.columns.forEach((planned, index) => {
    if (planned === null) return;
    const from = plan.features[index]?.from ?? '';
    const found = columns.find(({ name }) => name === from);
    if (found === undefined) {
      const names = columns.map(({ name }) => name);
      const shown = names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} … (${names.length})` : names.join(', ');
      throw new AtlasError(
        'ATLAS_DB_COLUMN_MISSING',
        `${plan.path} has no column ${JSON.stringify(from)} any more; it has ${shown || 'none'}`,
      );
    }
    if (found.type.sql !== planned.serverType) {
      changed.push(`${JSON.stringify(from)} was ${planned.serverType} and is ${found.type.sql}`);
    }
  });
  if (changed.length === 0) return;
  throw new AtlasError('ATLAS_DB_CHANGED', `${plan.path} changed after its load was planned: ${changed.join('; ')}`);
}
