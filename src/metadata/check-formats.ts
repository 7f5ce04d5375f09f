import type { CheckContext } from './check-context.ts';
import { PATTERN_HINT, patternProblem } from './check-pattern.ts';
import type { CsvSource } from './csv-source-schema.ts';
import { parseLogicalType } from './logical-type.ts';

/** The formats that dates and timestamps inherit must be able to read them. */
export function checkFormats(
  source: Pick<CsvSource, 'date_format' | 'timestamp_format' | 'features'>,
  check: CheckContext,
): void {
  for (const [key, kind, bare] of [
    ['date_format', 'date', 'date'],
    ['timestamp_format', 'timestamp', 'timestamptz'],
  ] as const) {
    const format = source[key];
    if (format === undefined) continue;
    const heirs = source.features.filter(({ format: own, value }) => own === undefined && value === undefined);
    const types = heirs.map((feature) => feature.type).filter((text) => kindOf(text) === kind);
    for (const text of types.length === 0 ? [bare] : new Set(types)) {
      const type = parseLogicalType(text);
      const problem = 'problem' in type ? null : patternProblem(format, type);
      if (problem === null) continue;
      const message = `${key} ${JSON.stringify(format)} cannot read ${JSON.stringify(text)}: ${problem}`;
      check.problem([key], message, PATTERN_HINT);
    }
  }
}

function kindOf(text: string): string | null {
  const type = parseLogicalType(text);
  return 'problem' in type ? null : type.kind;
}
