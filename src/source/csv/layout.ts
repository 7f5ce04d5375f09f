import { AtlasError, type ErrorCode } from '../../errors.ts';
import type { CsvSourcePlan } from '../../flow/dataset-plan.ts';
import { nearest } from '../../metadata/nearest.ts';

/** Where the features stand in the records of a file. */
export interface Layout {
  /** Fields of every record. */
  readonly width: number;
  /** 0-based field of each feature, null for constants. */
  readonly positions: readonly (number | null)[];
}

/** Something that keeps a file from being mapped; a file may have several. */
export interface LayoutProblem {
  readonly code: ErrorCode;
  readonly reason: string;
}

const LISTED = 20;

/**
 * Maps features to columns by exact header name. Extra columns are left alone, and so are columns of one name that no feature wants.
 * All problems at once: ATLAS_CSV_HEADER_MISSING (with the nearest name and what there is) and ATLAS_CSV_HEADER_DUPLICATE.
 */
export function layOutByName(
  names: readonly string[],
  plan: CsvSourcePlan,
): { readonly layout: Layout; readonly problems: readonly LayoutProblem[] } {
  const first = new Map<string, number>();
  const second = new Map<string, number>();
  for (const [position, name] of names.entries()) {
    if (!first.has(name)) first.set(name, position);
    else if (!second.has(name)) second.set(name, position);
  }
  const problems: LayoutProblem[] = [];
  const positions = plan.features.map((feature) => {
    if (feature.constant) return null;
    const position = first.get(feature.from);
    const again = second.get(feature.from);
    if (position === undefined) problems.push(missing(feature.from, [...first.keys()], names));
    else if (again !== undefined) problems.push(duplicate(feature.from, position, again));
    return position ?? null;
  });
  return { layout: { width: names.length, positions }, problems: withoutRepeats(problems) };
}

/** Maps features by position: by the declared `columns`, or in the order of the features that are not constants. */
export function layOutByPosition(plan: CsvSourcePlan): Layout {
  if (plan.columns !== null) {
    const { layout, problems } = layOutByName(plan.columns, plan);
    const problem = problems[0];
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

function missing(wanted: string, unique: readonly string[], names: readonly string[]): LayoutProblem {
  const near = nearestHeader(wanted, unique);
  const shown = names.slice(0, LISTED).map((name) => JSON.stringify(name));
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  const guess = near === null ? '' : `; the nearest is ${JSON.stringify(near)}`;
  return {
    code: 'ATLAS_CSV_HEADER_MISSING',
    reason: `there is no column ${JSON.stringify(wanted)}${guess}; there are ${shown.join(', ')}${more}`,
  };
}

function duplicate(name: string, first: number, second: number): LayoutProblem {
  return {
    code: 'ATLAS_CSV_HEADER_DUPLICATE',
    reason: `column ${JSON.stringify(name)} stands at positions ${first + 1} and ${second + 1}`,
  };
}

/** Case, blanks, hyphens and underscores cost nothing. */
function nearestHeader(wanted: string, names: readonly string[]): string | null {
  const plain = new Map<string, string>();
  for (const name of names) {
    const key = squeeze(name);
    if (!plain.has(key)) plain.set(key, name);
  }
  const same = plain.get(squeeze(wanted));
  if (same !== undefined) return same;
  const near = nearest(squeeze(wanted), plain.keys());
  return near === null ? null : (plain.get(near) ?? null);
}

function squeeze(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, '');
}

function withoutRepeats(problems: readonly LayoutProblem[]): readonly LayoutProblem[] {
  return [...new Map(problems.map((problem) => [problem.reason, problem])).values()];
}
