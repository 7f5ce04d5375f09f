import { createTableSql } from '../../flow/create-table-sql.ts';
import type { TableOutlook } from '../../flow/table-outlook.ts';
import { columnsAt } from './columns/columns-at.ts';
import { examineTable } from './columns/examine-table.ts';
import { findServerTraits } from './columns/server-traits.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';
import type { TablePlan } from './table-plan.ts';

/** Looks at the table that a plan goes to, and says what a run would do to it; touches nothing. Fails as `examineTable` does. */
export async function foreseeTable(place: TablePlace, plan: TablePlan, waiting: Waiting): Promise<TableOutlook> {
  const { target, server } = place;
  const examined = await examineTable(plan, place, waiting);
  if (examined === null) {
    const { create, columns } = plan;
    const traits = await findServerTraits(server, waiting);
    const statements = create === null ? [] : [createTableSql(place.live, columnsAt(columns, traits), create)];
    return { target, exists: false, statements, changes: false, notes: ['there is no such table yet: a run makes it'] };
  }
  const { changes, reshaped, notes, ranges } = examined;
  const anew = plan.exclusive || plan.mode === 'overwrite';
  const when = anew
    ? 'columns change together with the rows, by the same step'
    : 'columns change in the table itself, before its rows come';
  const shape = reshaped.map(({ key, declared, live }) => `${key}: ${live || 'none'} becomes ${declared || 'none'}`);
  return {
    target,
    exists: true,
    statements: changes.length === 0 ? [] : [`ALTER TABLE ${place.live} ${changes.join(', ')}`],
    changes: changes.length + shape.length > 0,
    notes: [
      ...shape.map((each) => `the table is made anew, ${each}`),
      ...(changes.length === 0 ? [] : [when]),
      ...[...ranges.keys()].map(
        (name) => `${name}: the column's type holds less than the feature's; what it cannot hold is a bad row`,
      ),
      ...notes,
    ],
  };
}
