import type { IncrementalPlan } from '../../flow/dataset-plan.ts';
import { describeKind } from '../../flow/describe-kind.ts';
import { parseStep } from '../../flow/parse-step.ts';
import { spellValue } from '../../flow/spell-point.ts';
import type { DescribedColumn } from '../../flow/table-description.ts';
import type { TableSource } from '../../metadata/table-source-schema.ts';
import type { Templates } from '../templates.ts';

const KINDS: Readonly<Record<string, IncrementalPlan['kind']>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'decimal',
  decimal: 'decimal',
  date: 'date',
  datetime: 'timestamp',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
};

type Declared = NonNullable<TableSource['incremental']>;

/** Resolves how a dataset follows a column; null, and a problem noted, where the column's type has no order to follow. */
export function planIncremental(
  _type: 'postgresql' | 'mysql',
  declared: Declared,
  { name, type }: DescribedColumn,
  templates: Templates,
): IncrementalPlan | null {
  const kind = type.kind === 'base' ? KINDS[type.name] : undefined;
  if (kind === undefined) {
    const message = `incremental follows ${name}, which is ${type.sql}: an integer, decimal, date or timestamp is needed`;
    templates.refuse('source.incremental.column', message, 'Follow another column.', 'ATLAS_DB_TYPE');
    return null;
  }
  const initial = initialOf(declared, kind, type.sql, templates);
  if (declared.lag !== undefined && parseStep(kind, declared.lag) === null) {
    const message = `lag is ${JSON.stringify(declared.lag)}, and ${name} is ${type.sql}: ${STEPS[kind]} is needed`;
    templates.refuse('source.incremental.lag', message, 'Write how far below the watermark a run begins.');
  }
  return {
    column: name,
    serverType: type.sql,
    kind,
    initial,
    lag: declared.lag ?? null,
    nulls: declared.nulls,
  };
}

const STEPS: Readonly<Record<IncrementalPlan['kind'], string>> = {
  integer: 'a whole number (1000)',
  decimal: 'a number (0.5)',
  date: 'a number of days (2d)',
  timestamp: 'a duration (15m, 2h, 1d)',
  timestamptz: 'a duration (15m, 2h, 1d)',
};

function initialOf(
  { initial }: Declared,
  kind: IncrementalPlan['kind'],
  serverType: string,
  templates: Templates,
): string | null {
  if (initial === undefined) return null;
  const filled = templates.fill(initial, 'source.incremental.initial');
  const spelled = spellValue(kind, filled);
  if (spelled !== null) return spelled;
  const message = `initial is ${JSON.stringify(filled)}, which is no value of ${serverType}`;
  templates.refuse('source.incremental.initial', message, `Write ${describeKind(kind)}.`);
  return null;
}
