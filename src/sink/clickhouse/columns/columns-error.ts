import { AtlasError, type Problem } from '../../../errors.ts';
import type { ClickhouseDatasetPlan } from '../../../flow/dataset-plan.ts';
import type { Disagreement } from './table-comparison.ts';

/** Columns that a message shows; the error's problems are all of them. */
const SHOWN = 20;

/** ATLAS_CH_COLUMNS: column by column what the feature is, what the table has, and why that does not do. `place`: the table, for messages. */
export function columnsError(
  disagreements: readonly Disagreement[],
  { onDrift }: Pick<ClickhouseDatasetPlan, 'onDrift'>,
  place: string,
): AtlasError {
  const count = disagreements.length;
  const rows = disagreements
    .slice(0, SHOWN)
    .map((each) => [each.column, each.feature ?? '-', each.table ?? '-', each.why]);
  const lines = align([['column', 'feature', 'table', ''], ...rows]);
  if (count > SHOWN) lines.push(`and ${count - SHOWN} more`);
  const what = count === 1 ? 'one column is not as' : `${count} columns are not as`;
  const message = `${place}: ${what} the features are\n${lines.map((line) => `  ${line}`).join('\n')}`;
  const hint = hintFor(disagreements, onDrift);
  const problems = disagreements.map(({ column, feature, table, why }): Problem => {
    const sides = `the feature is ${feature ?? 'not there'}, the column ${table ?? 'not there'}`;
    return { code: 'ATLAS_CH_COLUMNS', message: `${column}: ${why} (${sides})`, place: { file: place }, hint: '' };
  });
  return new AtlasError('ATLAS_CH_COLUMNS', message, {
    place: { file: place },
    hint,
    problems: count > SHOWN ? problems : [],
  });
}

function hintFor(disagreements: readonly Disagreement[], onDrift: ClickhouseDatasetPlan['onDrift']): string {
  const hints: string[] = [];
  if (disagreements.some(({ feature }) => feature !== null)) {
    hints.push(
      onDrift === 'evolve'
        ? 'Change these columns, or declare the features as the table has them: on_drift evolve adds columns and widens those that are no keys, and nothing else.'
        : 'Declare the features as the table has them, change the table, or set on_drift to evolve, which adds columns and widens those that are no keys.',
    );
  }
  if (disagreements.some(({ feature }) => feature === null)) {
    hints.push('Give columns that no feature fills a DEFAULT, or set on_drift to ignore.');
  }
  return hints.join(' ');
}

/** The last cell of a line is left as it is. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => [...(row[at] ?? '')].length)));
  const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - [...text].length));
  return rows.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
