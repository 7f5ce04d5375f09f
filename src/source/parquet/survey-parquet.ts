import { AtlasError, type Problem } from '../../errors.ts';
import type { ParquetSourcePlan } from '../../flow/dataset-plan.ts';
import type { ColumnSet } from '../../flow/drift.ts';
import type { Survey } from '../../flow/source.ts';
import type { Task } from '../../flow/task.ts';
import { pathBelow } from '../../metadata/path-below.ts';
import { isRemote } from '../../store/path.ts';
import type { InputAccess } from '../input.ts';
import { leaveOut } from '../leave-out.ts';
import { listInputs } from '../list-inputs.ts';
import { AT_ONCE } from '../open-input.ts';
import { settleInOrder } from '../settle-in-order.ts';
import { bindFeatures, takenLeaves } from './bind-features.ts';
import { cutGroups } from './cut-groups.ts';
import { readParquetFile } from './file/parquet-file.ts';
import { ParquetInput } from './file/parquet-input.ts';
import { encodeFiles, type SurveyedParquet } from './parquet-state.ts';
import { whyNotPassed } from './pass/why-not-passed.ts';

/** Files whose problems are told at once. */
const PROBLEM_FILES = 20;
const NAMED = 20;
/** Rows of a file that is handed on, at least: each is a block by itself, and every block makes parts of the table. */
const LEAST_PASSED = 65_536;

interface Found {
  readonly surveyed: SurveyedParquet;
  readonly inode: string;
  readonly bytes: number;
  readonly rows: number;
  readonly names: readonly string[];
  /** Why its rows are read, though others might be handed on as they are. */
  readonly read: string | null;
  /** Tasks, for the number that the file has among those read. */
  readonly cut: (file: number) => readonly Omit<Task, 'index'>[];
}

/** Reads the footers of all inputs, and cuts tasks. Fails with the problems of all files at once (of the first twenty). */
export async function surveyParquet(plan: ParquetSourcePlan, access: InputAccess): Promise<Survey> {
  const { signal } = access;
  if (plan.features.length === 0) {
    throw new AtlasError(
      'ATLAS_META_INVALID',
      `${plan.path}: features is "*", and no file was looked at before planning`,
    );
  }
  const paths = leaveOut(await listInputs(plan.path, plan.root, access), plan);
  const found: Found[] = [];
  const errors: AtlasError[] = [];
  const notes: string[] = [];
  const seen = new Map<string, string>();
  // a file of a store is a matter of waiting for an answer
  const atOnce = isRemote(plan.path) ? AT_ONCE : 1;
  for await (const outcome of settleInOrder(paths, atOnce, (path) => look(path, plan, access, paths.length === 1))) {
    signal.throwIfAborted();
    if (outcome.status === 'rejected') {
      if (!(outcome.reason instanceof AtlasError)) throw outcome.reason;
      errors.push(outcome.reason);
      if (errors.length === PROBLEM_FILES) break;
      continue;
    }
    const one = outcome.value;
    const { path } = one.surveyed;
    const other = seen.get(one.inode);
    if (other === undefined) found.push(one);
    else notes.push(`${path} is the same file as ${other}, and is read once`);
    seen.set(one.inode, other ?? path);
  }
  refuse(errors, paths.length);
  return summarize(found, notes, plan);
}

async function look(path: string, plan: ParquetSourcePlan, access: InputAccess, alone: boolean): Promise<Found> {
  await using input = await ParquetInput.open(path, null, access);
  const { bytes, identity, inode } = input;
  const file = await readParquetFile(input, access);
  const bindings = bindFeatures(file, path, plan);
  const taken = takenLeaves(bindings);
  const small =
    !alone && file.rows < LEAST_PASSED
      ? `it has ${file.rows} ${file.rows === 1 ? 'row' : 'rows'}, which go with others`
      : null;
  const read = plan.pass === undefined ? null : (small ?? whyNotPassed(file, bindings, plan));
  const pass = plan.pass !== undefined && read === null ? plan.pass : null;
  return {
    surveyed: { path, name: pathBelow(plan.root, path) || path, identity },
    inode,
    bytes,
    rows: file.rows,
    names: file.columns.map(({ name }) => name),
    read,
    cut: (number) => cutGroups(file, number, bytes, taken, plan.sliceBytes, pass),
  };
}

function summarize(found: readonly Found[], before: readonly string[], plan: ParquetSourcePlan): Survey {
  const ignored = ignoredColumns(found, plan);
  const notes = [...before];
  if (ignored.length > 0) notes.push(`columns that no feature takes, and that are not read: ${someOf(ignored)}`);
  const empty = found.filter(({ rows }) => rows === 0).map(({ surveyed }) => surveyed.name);
  if (empty.length > 0) notes.push(`without a row: ${someOf(empty)}`);
  if (plan.pass !== undefined) notes.push(...passNotes(found));
  return {
    inputs: found.map(({ surveyed: { path, identity }, bytes }) => ({ path, bytes, identity })),
    tasks: found.flatMap(({ cut }, file) => cut(file)).map((task, index) => ({ ...task, index })),
    state: encodeFiles(found.map(({ surveyed }) => surveyed)),
    notes,
    empty: empty.length === found.length,
    ignored,
    columns: columnSets(found),
    contentBytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function passNotes(found: readonly Found[]): readonly string[] {
  const passed = found.filter(({ read }) => read === null).map(({ surveyed }) => surveyed.name);
  const others = found.flatMap(({ read, surveyed }) => (read === null ? [] : [`${surveyed.name} (${read})`]));
  return [
    ...(passed.length > 0 ? [`handed on as they are, without being decoded: ${someOf(passed)}`] : []),
    ...(others.length > 0 ? [`decoded, because they cannot be handed on: ${someOf(others)}`] : []),
  ];
}

function ignoredColumns(found: readonly Found[], { features }: ParquetSourcePlan): readonly string[] {
  const taken = new Set(features.flatMap(({ constant, from }) => (constant === null ? [from] : [])));
  return [...new Set(found.flatMap(({ names }) => names))].filter((name) => !taken.has(name));
}

function columnSets(found: readonly Found[]): readonly ColumnSet[] {
  const sets = new Map<string, { readonly names: readonly string[]; readonly inputs: string[] }>();
  for (const { names, surveyed } of found) {
    const key = JSON.stringify(names);
    const set = sets.get(key);
    if (set) set.inputs.push(surveyed.name);
    else sets.set(key, { names, inputs: [surveyed.name] });
  }
  return [...sets.values()];
}

function refuse(errors: readonly AtlasError[], files: number): void {
  const [first] = errors;
  if (first === undefined) return;
  if (errors.length === 1) throw first;
  const problems = errors.flatMap((error): readonly Problem[] =>
    error.problems.length > 0
      ? error.problems
      : [{ code: error.code, message: error.message, place: error.place, hint: error.hint }],
  );
  const more = errors.length === PROBLEM_FILES ? ' (more were not looked at)' : '';
  throw new AtlasError(first.code, `${errors.length} of ${files} files cannot be read${more}: ${first.message}`, {
    cause: first,
    place: first.place,
    hint: first.hint,
    problems,
  });
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}
