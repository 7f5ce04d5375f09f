import type { Readable } from 'node:stream';
import type { JsonlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Survey } from '../../../flow/source.ts';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import { PrefixedFeed } from '../../feed/prefixed-feed.ts';
import { MAGIC_BYTES } from '../../feed/sniff-compression.ts';
import { feedStandardInput } from '../../feed/standard-input.ts';
import type { InputAccess } from '../../input.ts';
import { leaveOut } from '../../leave-out.ts';
import { cutTasks } from '../../lines/cut-tasks.ts';
import { lookAtFiles, refuseFiles } from '../../lines/look-at-files.ts';
import { listInputs, STDIN } from '../../list-inputs.ts';
import { encodeState } from '../jsonl-state.ts';
import { decideCompression, openFeed } from '../open-feed.ts';
import { type FileFindings, surveyFile, surveyPipe } from './survey-file.ts';

const NAMED = 20;

/** What was found, and, where standard input is the source, the feed that goes on with its first line. */
export interface JsonlSurvey {
  readonly survey: Survey;
  readonly pipe: ByteFeed | null;
}

/** Looks at the start of every input, and cuts tasks. Fails with the problems of all files at once (of the first twenty). */
export async function surveyInputs(plan: JsonlSourcePlan, stdin: Readable, access: InputAccess): Promise<JsonlSurvey> {
  const paths = leaveOut(await listInputs(plan.path, plan.root, access), plan);
  if (paths[0] === STDIN) return surveyStandardInput(plan, stdin, access.signal);
  const { findings, errors, notes } = await lookAtFiles(paths, (path) => surveyFile(path, plan, access), access);
  refuseFiles([...errors.values()], paths.length);
  return { survey: summarize(findings, notes, plan), pipe: null };
}

async function surveyStandardInput(plan: JsonlSourcePlan, stdin: Readable, signal: AbortSignal): Promise<JsonlSurvey> {
  const raw = feedStandardInput(stdin, signal);
  try {
    const magic = new Uint8Array(MAGIC_BYTES);
    const start = magic.subarray(0, await raw.fill(magic));
    const compression = decideCompression(plan, start);
    const feed = await openFeed(new PrefixedFeed(start, raw), compression, STDIN, plan, signal);
    const { findings, head } = await surveyPipe(feed, compression, plan);
    return { survey: summarize([findings], [], plan), pipe: new PrefixedFeed(head.bytes, feed) };
  } catch (error) {
    await raw[Symbol.asyncDispose]();
    throw error;
  }
}

function summarize(findings: readonly FileFindings[], before: readonly string[], plan: JsonlSourcePlan): Survey {
  const files = findings.map(({ file }) => file);
  const empty = findings.filter((each) => each.empty).map(({ file }) => file.name);
  const notes = [...before, ...(empty.length > 0 ? [`without an object: ${someOf(empty)}`] : [])];
  return {
    inputs: files.map(({ path, bytes, identity }) => ({ path, bytes, identity })),
    tasks: cutTasks(files, plan.sliceBytes),
    state: encodeState({ files }),
    notes,
    empty: empty.length === findings.length,
    ignored: [],
    columns: [],
    contentBytes: files.every(({ plain }) => plain) ? files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) : null,
  };
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}
