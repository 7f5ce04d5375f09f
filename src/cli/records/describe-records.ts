import type { ClickhouseDestinationPlan, DatasetPlan } from '../../flow/dataset-plan.ts';
import type { TableAddress } from '../../flow/live-columns.ts';
import { nameLogicalType } from '../../metadata/logical-type.ts';
import type { Io } from '../io.ts';
import { paintFor } from '../paint.ts';
import { renderError } from '../render-error.ts';
import { renderTable } from '../render-table.ts';
import { humanBytes, humanCount } from '../units.ts';
import { exitOfFailures } from './exit-of-failures.ts';
import type { FailedRecords, PlannedRecords } from './plan-records.ts';
import type { RecordsOptions } from './records-options.ts';
import { tableSql, wholeTable } from './table-sql.ts';

/** `--dry-run`: says which table, how it would be made, and what of each file would be loaded. Answers the exit code that the files stand for. */
export function describeRecords(
  entries: readonly (PlannedRecords | FailedRecords)[],
  { target, database, live }: TableAddress,
  options: RecordsOptions,
  io: Io,
): number {
  const plans = entries.filter((each): each is PlannedRecords => 'plan' in each);
  const failed = entries.filter((each): each is FailedRecords => 'error' in each);
  const whole = live === null ? wholeTable(plans) : null;
  const sql = whole === null ? null : tableSql(whole, database);
  if (options.json)
    io.stdout.write(`${JSON.stringify(asJson(plans, failed, { target, sql, exists: live !== null }))}\n`);
  else io.stdout.write(asText(plans, { target, sql, exists: live !== null }, io));
  for (const { error } of failed) renderError(error, io);
  return exitOfFailures(failed.map(({ error }) => error));
}

interface Facts {
  readonly target: string;
  readonly sql: string | null;
  readonly exists: boolean;
}

function asText(plans: readonly PlannedRecords[], { target, sql, exists }: Facts, io: Pick<Io, 'stdout'>): string {
  const paint = paintFor(io.stdout);
  const lines = [`${paint.bold('table')}  ${target}: ${exists ? 'is there' : 'would be made'}`];
  if (sql !== null) lines.push('', sql);
  for (const { file, plan } of plans) {
    const damaged = file.damaged === 0 ? '' : `, ${humanCount(file.damaged)} damaged`;
    lines.push(
      '',
      `${paint.bold(file.input.name)}  ${file.found.format}, ${humanBytes(file.bytes)}, ${humanCount(file.rows)} rows${damaged}`,
    );
    lines.push(...columnLines(plan));
  }
  return `${lines.join('\n')}\n`;
}

function columnLines({ source, destination }: DatasetPlan): readonly string[] {
  const { columns } = destination as ClickhouseDestinationPlan;
  const rows = source.features.map(({ name, from, type, nullable, format }, index) => [
    name,
    from === name ? '' : from,
    nameLogicalType(type) + (nullable ? '' : ', never null') + (format === null ? '' : `, ${format}`),
    columns[index]?.type ?? '',
  ]);
  const titles = ['column', 'in the file', 'read as', 'as a new column'] as const;
  return renderTable(
    titles.map((title) => ({ title, align: 'left' as const })),
    rows,
    { width: 200, indent: '  ' },
  );
}

function asJson(
  plans: readonly PlannedRecords[],
  failed: readonly FailedRecords[],
  { target, sql, exists }: Facts,
): object {
  return {
    plan_version: 1,
    table: target,
    exists,
    sql,
    files: [
      ...plans.map(({ file, plan }) => ({
        file: file.input.name,
        format: file.found.format,
        bytes: file.bytes,
        rows: file.rows,
        damaged: file.damaged,
        columns: plan.source.features.map(({ name, from, type, nullable }) => ({
          name,
          from,
          type: nameLogicalType(type),
          nullable,
        })),
        code: null,
      })),
      ...failed.map(({ name, error }) => ({ file: name, code: error.code, message: error.message })),
    ],
  };
}
