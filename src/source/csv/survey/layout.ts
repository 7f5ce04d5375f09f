import { AtlasError, type ErrorCode } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import { describeMissingColumn } from '../../../metadata/describe-missing-column.ts';

/** Where the features stand in the records of a file. */
export interface Layout {
  /** Fields of every record. */
  readonly width: number;
  /** 0-based field of each feature, null for constants and where the file has no such column. */
  readonly positions: readonly (number | null)[];
}

/** Something that keeps a file from being mapped; a file may have several. */
export interface LayoutProblem {
  readonly code: ErrorCode;
  readonly reason: string;
}

export interface NamedLayout {
  readonly layout: Layout;
  /** ATLAS_CSV_HEADER_DUPLICATE, all at once. */
  readonly problems: readonly LayoutProblem[];
  /** Names that a feature wants and that are not there, each once. */
  readonly missing: readonly string[];
}

/**
 * Maps features to columns by exact header name. Extra columns are left alone, and so are columns of one name that no feature wants.
 */
export function layOutByName(names: readonly string[], plan: CsvSourcePlan): NamedLayout {
  const first = new Map<string, number>();
  const second = new Map<string, number>();
  for (const [position, name] of names.entries()) {
    if (!first.has(name)) first.set(name, position);
    else if (!second.has(name)) second.set(name, position);
  }
  const problems: LayoutProblem[] = [];
  const missing = new Set<string>();
  const positions = plan.features.map((feature) => {
    if (feature.constant) return null;
    const position = first.get(feature.from);
    const again = second.get(feature.from);
    if (position === undefined) missing.add(feature.from);
    else if (again !== undefined) problems.push(duplicate(feature.from, position, again));
    return position ?? null;
  });
  return { layout: { width: names.length, positions }, problems: withoutRepeats(problems), missing: [...missing] };
}

/** Maps features by position: by the declared `columns`, or in the order of the features that are not constants. */
export function layOutByPosition(plan: CsvSourcePlan): Layout {
  if (plan.columns !== null) {
    const { layout, problems, missing } = layOutByName(plan.columns, plan);
    const refused = plan.missingColumns === 'refuse' ? missing : [];
    const [problem] = [...missingColumns(refused, plan.columns), ...problems];
    if (problem) throw new AtlasError(problem.code, `${problem.reason} (the names are those of columns)`);
    return layout;
  }
  let next = 0;
  const positions = plan.features.map((feature) => {
    if (feature.constant) return null;
    next += 1;
    return next - 1;
  });
  return { width: next, positions };
}

/** What is wrong where these columns must be there: ATLAS_CSV_HEADER_MISSING, with the nearest name and what there is. */
export function missingColumns(missing: readonly string[], names: readonly string[]): readonly LayoutProblem[] {
  const unique = [...new Set(names)];
  return missing.map((wanted) => ({
    code: 'ATLAS_CSV_HEADER_MISSING',
    reason: describeMissingColumn(wanted, unique),
  }));
}

function duplicate(name: string, first: number, second: number): LayoutProblem {
  return {
    code: 'ATLAS_CSV_HEADER_DUPLICATE',
    reason: `column ${JSON.stringify(name)} stands at positions ${first + 1} and ${second + 1}`,
  };
}

function withoutRepeats(problems: readonly LayoutProblem[]): readonly LayoutProblem[] {
  return [...new Map(problems.map((problem) => [problem.reason, problem])).values()];
}
