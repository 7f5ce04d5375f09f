import type { Readable } from 'node:stream';
import type { AtlasError } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { ColumnSet } from '../../../flow/drift.ts';
import type { Survey } from '../../../flow/source.ts';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import { PrefixedFeed } from '../../feed/prefixed-feed.ts';
import { MAGIC_BYTES } from '../../feed/sniff-compression.ts';
import { feedStandardInput } from '../../feed/standard-input.ts';
import type { InputAccess } from '../../input.ts';
import { leaveOut } from '../../leave-out.ts';
import { cutTasks } from '../../lines/cut-tasks.ts';
import { lookAtFiles, PROBLEM_FILES, refuseFiles } from '../../lines/look-at-files.ts';
import { listInputs, STDIN } from '../../list-inputs.ts';
import { decideCompression, openFeed } from '../open-feed.ts';
import type { Layout } from './layout.ts';
import { type FileFindings, missingError, surveyFile, surveyPipe } from './survey-file.ts';
import { encodeState, type SurveyedFile } from './survey-state.ts';

const NAMED = 20;

/** What was found, and, where standard input is the source, the feed that goes on after its header. */
export interface CsvSurvey {
  readonly survey: Survey;
  readonly pipe: ByteFeed | null;
}

/** Looks at the start of every input, and cuts tasks. Fails with the problems of all files at once (of the first twenty). */
export async function surveyInputs(plan: CsvSourcePlan, stdin: Readable, access: InputAccess): Promise<CsvSurvey> {
  const { signal } = access;
  const paths = leaveOut(await listInputs(plan.path, plan.root, access), plan);
  if (paths[0] === STDIN) return surveyStandardInput(plan, stdin, signal);
  const { findings, errors, notes } = await lookAtFiles(paths, (path) => surveyFile(path, plan, access), access);
  refuseFiles(withMissing(errors, findings, paths, plan), paths.length);
  return { survey: summarize(findings, notes, plan), pipe: null };
}

async function surveyStandardInput(plan: CsvSourcePlan, stdin: Readable, signal: AbortSignal): Promise<CsvSurvey> {
  const raw = feedStandardInput(stdin, signal);
  try {
    const magic = new Uint8Array(MAGIC_BYTES);
    const start = magic.subarray(0, await raw.fill(magic));
    const compression = decideCompression(plan, start);
    const feed = await openFeed(new PrefixedFeed(start, raw), compression, STDIN, plan, signal);
    const { findings, head } = await surveyPipe(feed, compression, plan);
    refuseFiles(withMissing(new Map(), [findings], [STDIN], plan), 1);
    return { survey: summarize([findings], [], plan), pipe: new PrefixedFeed(head.bytes, feed) };
  } catch (error) {
    await raw[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Where columns must not be missing: adds to what is wrong with files those that lack a column, if no file has it or others are
 * wrong anyway. A column that only some files lack is drift, which is for others to judge.
 */
function withMissing(
  errors: ReadonlyMap<number, AtlasError>,
  findings: readonly FileFindings[],
  paths: readonly string[],
  { missingColumns }: CsvSourcePlan,
): readonly AtlasError[] {
  const sound = findings.filter(({ layout }) => layout !== null);
  const lacking = sound.filter(({ missing }) => missing.length > 0);
  const [first] = lacking;
  const nowhere = first?.missing.some((name) => sound.every(({ missing }) => missing.includes(name))) ?? false;
  if (missingColumns === 'null' || (errors.size === 0 && !nowhere)) return [...errors.values()];
  const all = new Map(errors);
  for (const each of lacking.slice(0, PROBLEM_FILES)) all.set(paths.indexOf(each.file.path), missingError(each));
  return [...all]
    .sort(([a], [b]) => a - b)
    .slice(0, PROBLEM_FILES)
    .map(([, error]) => error);
}

function summarize(findings: readonly FileFindings[], before: readonly string[], plan: CsvSourcePlan): Survey {
  const layouts: Layout[] = [];
  const known = new Map<string, number>();
  const files = findings.map(({ file, layout }): SurveyedFile => {
    if (layout === null) return { ...file, layout: null };
    const key = JSON.stringify(layout);
    const index = known.get(key) ?? layouts.push(layout) - 1;
    known.set(key, index);
    return { ...file, layout: index };
  });
  const ignored = ignoredColumns(findings, plan);
  const notes = [...before];
  if (ignored.length > 0) notes.push(`columns that no feature takes: ${someOf(ignored)}`);
  if (layouts.length > 1) notes.push(`${files.length} files order their columns in ${layouts.length} ways`);
  const empty = findings.filter((each) => each.empty).map(({ file }) => file.name);
  if (empty.length > 0) notes.push(`without a record: ${someOf(empty)}`);
  return {
    inputs: files.map(({ path, bytes, identity }) => ({ path, bytes, identity })),
    tasks: cutTasks(files, plan.sliceBytes),
    state: encodeState({ files, layouts }),
    notes,
    empty: empty.length === findings.length,
    ignored,
    columns: columnSets(findings, plan),
    contentBytes: contentBytes(files),
  };
}

/** The sum of all files, where the spans count their bytes as they stand on the disk. */
function contentBytes(files: readonly SurveyedFile[]): number | null {
  let sum = 0;
  for (const { bytes, plain } of files) {
    if (bytes === null || !plain) return null;
    sum += bytes;
  }
  return sum;
}

/** Names of columns that no feature takes, each once; one without a name goes by its position. */
function ignoredColumns(findings: readonly FileFindings[], plan: CsvSourcePlan): readonly string[] {
  const taken = new Set(plan.features.filter(({ constant }) => constant === null).map(({ from }) => from));
  const ignored = new Set<string>();
  const seen = new Set<string>();
  for (const { names } of findings) {
    const key = names.join('\n');
    if (seen.has(key)) continue;
    seen.add(key);
    for (const [index, name] of names.entries()) {
      if (!taken.has(name)) ignored.add(name === '' ? `(column ${index + 1})` : name);
    }
  }
  if (!plan.header) for (const name of plan.columns ?? []) if (!taken.has(name)) ignored.add(name);
  return [...ignored];
}

/** What the headers name, or `columns` where there are none; inputs with the same header together. */
function columnSets(findings: readonly FileFindings[], plan: CsvSourcePlan): readonly ColumnSet[] {
  const sets = new Map<string, { readonly names: readonly string[]; readonly inputs: string[] }>();
  for (const { file, layout, names } of findings) {
    const named = plan.header ? names : plan.columns;
    if (layout === null || named === null) continue;
    const key = JSON.stringify(named);
    const set = sets.get(key);
    if (set) set.inputs.push(file.name);
    else sets.set(key, { names: named, inputs: [file.name] });
  }
  return [...sets.values()];
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}
