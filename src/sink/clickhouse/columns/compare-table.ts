import type { Field } from '../../../batch/schema.ts';
import type { ValueRange } from '../../../flow/dataset-plan.ts';
import { nameLogicalType } from '../../../metadata/logical-type.ts';
import { quoteClickhouseName } from '../../../metadata/quote-clickhouse-name.ts';
import type { TablePlan } from '../table-plan.ts';
import { parseColumnType } from './column-type.ts';
import { columnsAt } from './columns-at.ts';
import { judgeColumn } from './judge-column.ts';
import type { LiveColumn, LiveTable } from './live-table.ts';
import type { Disagreement, TableComparison } from './table-comparison.ts';
import { widenColumn } from './widen-column.ts';

/**
 * Holds the features of a plan against the columns of a table that is there, by name. What is missing or too narrow is a disagreement, or
 * with `evolve` a change, where that adds or widens; columns that no feature fills must have a value of their own to be given, unless drift is
 * to be ignored. Pure.
 */
export function compareTable(
  plan: Pick<TablePlan, 'schema' | 'columns' | 'onDrift'>,
  live: LiveTable,
): TableComparison {
  const evolves = plan.onDrift === 'evolve';
  const there = new Map(live.columns.map((column) => [column.name, column]));
  const wanted = columnsAt(plan.columns, live);
  const disagreements: Disagreement[] = [];
  const changes: string[] = [];
  const ranges = new Map<string, ValueRange>();
  const notes: string[] = [];
  plan.schema.fields.forEach((field, index) => {
    const column = there.get(field.name);
    const disagree = (why: string): void => {
      disagreements.push({
        column: field.name,
        feature: spellField(field),
        table: column ? spellColumn(column) : null,
        why,
      });
    };
    const quoted = quoteClickhouseName(field.name);
    if (column === undefined) {
      if (evolves) changes.push(`ADD COLUMN ${quoted} ${asNullable(wanted[index]?.type ?? '')}`);
      else disagree('the table has no such column');
      return;
    }
    if (column.fill === 'MATERIALIZED' || column.fill === 'ALIAS') {
      disagree(`the table computes it (${column.fill})`);
      return;
    }
    const fit = judgeColumn(field, column.type, live.zone);
    if (fit.fit === 'same' || fit.fit === 'fits') {
      if (fit.fit === 'fits' && fit.range) ranges.set(field.name, fit.range);
      if (column.fill === 'EPHEMERAL')
        notes.push(`${field.name}: the table does not store it (EPHEMERAL), others are computed from it`);
      return;
    }
    const wide = evolves && fit.fit === 'narrower' ? widenColumn(field, column.type) : null;
    if (wide === null || wide === column.type) disagree(fit.why);
    else if (column.key) disagree(`${fit.why}; the table is sorted or parted by it, so that it cannot be widened`);
    else changes.push(`MODIFY COLUMN ${quoted} ${wide}`);
  });
  const names = new Set(plan.schema.fields.map(({ name }) => name));
  for (const column of live.columns) {
    if (names.has(column.name)) continue;
    const value = valueGiven(column);
    if (value !== null) notes.push(`${column.name}: no feature fills it, ${value}`);
    else if (plan.onDrift === 'ignore')
      notes.push(`${column.name}: no feature fills it, it is empty or 0 in every row (on_drift is "ignore")`);
    else {
      const why = 'no feature fills it, and it would be empty or 0 in every row';
      disagreements.push({ column: column.name, feature: null, table: spellColumn(column), why });
    }
  }
  return { disagreements, changes, ranges, notes };
}

/** What a column holds that no feature fills; null where nobody said. */
function valueGiven({ fill, type }: LiveColumn): string | null {
  if (fill === 'DEFAULT') return 'it has its DEFAULT in every row';
  if (fill !== null) return `the table takes care of it (${fill})`;
  return parseColumnType(type).nullable ? 'it is NULL in every row' : null;
}

function asNullable(type: string): string {
  const low = /^LowCardinality\((.*)\)$/s.exec(type)?.[1];
  const inner = low ?? type;
  const nullable = inner.startsWith('Nullable(') ? inner : `Nullable(${inner})`;
  return low === undefined ? nullable : `LowCardinality(${nullable})`;
}

function spellField({ type, nullable }: Field): string {
  return `${nameLogicalType(type)}${nullable ? '' : ' not null'}`;
}

function spellColumn({ type, fill }: LiveColumn): string {
  return fill === null ? type : `${type} ${fill}`;
}
