import { AtlasError, CODES, type ErrorCode, type Problem } from '../../errors.ts';
import type { DatasetPlan, SourcePlan } from '../../flow/dataset-plan.ts';
import type { ColumnSet } from '../../flow/drift.ts';
import type { Receipt } from '../../flow/receipt.ts';
import { describeMissingColumn } from '../../metadata/describe-missing-column.ts';
import { namesColumns, readsByName } from '../names-columns.ts';
import { partitionFeatures } from '../partition-features.ts';
import { compareColumnTypes, NOTHING_RETYPED } from './compare-column-types.ts';
import { type ColumnComparison, compareColumns } from './compare-columns.ts';
import { serverColumns, takesAll } from './server-columns.ts';
import { type DriftStory, tellColumn } from './tell-column.ts';

/** What drift needs to know of the run that published last. */
export type LastRun = Pick<Receipt, 'run' | 'schema' | 'columns' | 'columnTypes' | 'ignored' | 'drift'>;

/** What drifted, where that may be. Names are those of columns. */
export interface DriftVerdict extends DriftStory {
  readonly comparison: ColumnComparison;
  /** Columns of features that some or all inputs lack: they read as null there. */
  readonly missing: readonly string[];
  /** Columns that no feature takes, each once, in order of first appearance. */
  readonly untaken: readonly string[];
}

/** The first problems, and how many there are. */
interface Problems {
  readonly problems: readonly Problem[];
  readonly count: number;
}

const NEVER = {
  csv: 'ATLAS_CSV_HEADER_MISSING',
  jsonl: 'ATLAS_JSON_MISSING',
  parquet: 'ATLAS_PARQUET_COLUMN',
  postgresql: 'ATLAS_DB_COLUMN_MISSING',
  mysql: 'ATLAS_DB_COLUMN_MISSING',
} as const;

/** Problems that are told one by one, and those that the message holds. */
const LISTED = 20;
const IN_MESSAGE = 3;

/**
 * Holds the columns of the inputs against each other, against the features and against what the last published run had. Pure.
 * Fails with ATLAS_DRIFT_FOUND where they differ and that must not be, or a column is missing whose feature must not be null;
 * ATLAS_DRIFT_IMPOSSIBLE where only `evolve` stands in the way; ATLAS_CSV_HEADER_MISSING, ATLAS_PARQUET_COLUMN or ATLAS_DB_COLUMN_MISSING
 * where a feature wants a column that never was.
 */
export function judgeDrift(plan: DatasetPlan, sets: readonly ColumnSet[], last: LastRun | null): DriftVerdict {
  // without a header the names are the document's, and editing it is no drift
  const before = namesColumns(plan.source) ? (last?.columns ?? null) : null;
  const comparison = compareColumns(sets, before);
  const taken = new Set(plan.source.features.flatMap(({ constant, from }) => (constant === null ? [from] : [])));
  const untaken = [...new Set(comparison.union)].filter((name) => !taken.has(name));
  const story: DriftStory = {
    since: before === null ? null : (last?.run ?? null),
    files: sets.reduce((sum, { inputs }) => sum + inputs.length, 0),
    types:
      before === null ? NOTHING_RETYPED : compareColumnTypes(last?.columnTypes ?? null, serverColumns(plan.source)),
  };
  if (plan.onDrift === 'fail') {
    // a column that a feature took, and none wants any more: its document was edited
    const own = takesAll(plan.source);
    const unwanted = comparison.gone.filter((name) => own || (last?.ignored?.includes(name) ?? true));
    refuse(plan, story, driftProblems(plan.source, { ...comparison, gone: unwanted }, story, taken));
    return { ...story, comparison, missing: [], untaken };
  }
  const missing = sets.length === 0 ? [] : missingColumns(plan, comparison);
  const problems = missingProblems(plan, comparison, missing, story, knownTo(last));
  refuse(plan, story, { problems, count: problems.length });
  return { ...story, comparison, missing, untaken };
}

/** With `fail`: files that differ, columns that are gone, and new ones that would be lost because no feature takes them. */
function driftProblems(
  source: SourcePlan,
  comparison: ColumnComparison,
  story: DriftStory,
  taken: ReadonlySet<string>,
): Problems {
  const own = takesAll(source);
  // what nobody declared appears among what is published, which is drift as well
  const lost = comparison.appeared.filter(({ name }) => own || !taken.has(name));
  const strict = new Set(source.features.flatMap(({ nullable, from }) => (nullable ? [] : [from])));
  const { retyped, loosened } = story.types;
  const changed = [
    ...retyped.filter(({ name }) => taken.has(name)).map(({ name }) => name),
    ...loosened.filter((name) => own || (strict.has(name) && taken.has(name))),
  ];
  const places = new Map([...lost, ...comparison.partial].map((each) => [each.name, each]));
  const names = [...new Set([...places.keys(), ...comparison.gone, ...changed])];
  const problems = names.slice(0, LISTED).map((name) => {
    const where = places.get(name);
    const file = where === undefined ? undefined : fewer(where.has, where.lacks)[0];
    return problem('ATLAS_DRIFT_FOUND', tellColumn(name, comparison, story), file);
  });
  return { problems, count: names.length };
}

function missingColumns({ source }: DatasetPlan, { union, partial }: ColumnComparison): readonly string[] {
  const there = new Set(union);
  for (const { name } of partial) there.delete(name);
  const wanted = source.features.flatMap(({ constant, from }) => (constant === null ? [from] : []));
  return !readsByName(source) ? [] : [...new Set(wanted)].filter((name) => !there.has(name));
}

function missingProblems(
  plan: DatasetPlan,
  comparison: ColumnComparison,
  missing: readonly string[],
  story: DriftStory,
  known: ReadonlySet<string>,
): readonly Problem[] {
  const code = plan.onDrift === 'evolve' ? 'ATLAS_DRIFT_IMPOSSIBLE' : 'ATLAS_DRIFT_FOUND';
  const there = new Set(comparison.union);
  const places = new Map(comparison.partial.map((each) => [each.name, each]));
  return missing.flatMap((name): readonly Problem[] => {
    if (!there.has(name) && !known.has(name)) {
      return [problem(NEVER[plan.source.type], describeMissingColumn(name, [...there]))];
    }
    const features = plan.source.features.filter(({ constant, from }) => constant === null && from === name);
    return features.flatMap((feature) => {
      const partition = partitionFeatures(plan.destination).includes(feature.name);
      if (feature.nullable && !partition) return [];
      const why = feature.nullable ? 'all its rows would stand in one partition' : 'it must not be null';
      const message = `${tellColumn(name, comparison, story, true)}: ${feature.name} takes it, and ${why}`;
      return [problem(code, message, places.get(name)?.lacks[0])];
    });
  });
}

/** Columns that were there once, or are known to be gone. */
function knownTo(last: LastRun | null): ReadonlySet<string> {
  return new Set([...(last?.columns ?? []), ...(last?.drift?.missing ?? [])]);
}

function fewer(a: readonly string[], b: readonly string[]): readonly string[] {
  return b.length > 0 && b.length < a.length ? b : a;
}

function problem(code: ErrorCode, message: string, file?: string): Problem {
  return { code, message, place: file === undefined ? {} : { file }, hint: CODES[code].hint };
}

function refuse(plan: DatasetPlan, { files }: DriftStory, { problems, count }: Problems): void {
  const [first] = problems;
  if (first === undefined) return;
  const shown = problems.slice(0, IN_MESSAGE).map(({ message }) => message);
  const more = count > shown.length ? `; and ${count - shown.length} more` : '';
  const what = files === 1 ? plan.source.path : `${files} files of ${plan.source.path}`;
  throw new AtlasError(first.code, `${what}: ${shown.join('; ')}${more}`, {
    place: first.place,
    hint: first.hint,
    problems: problems.slice(0, LISTED),
  });
}
