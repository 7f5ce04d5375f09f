import { setImmediate } from 'node:timers/promises';
import { AtlasError } from '../../../errors.ts';
import type { JsonlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { InputProfile } from '../../../flow/profile.ts';
import { Kernel } from '../../../kernel/kernel.ts';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import { Window } from '../../feed/window.ts';
import type { InputAccess } from '../../input.ts';
import { leaveOut } from '../../leave-out.ts';
import type { LineFile } from '../../lines/line-file.ts';
import { feedFromStart } from '../../lines/open-parts.ts';
import { listInputs, STDIN } from '../../list-inputs.ts';
import { openFeed } from '../open-feed.ts';
import { surveyFile } from '../survey/survey-file.ts';
import { JsonProfiler, MOST_KEYS } from './json-profiler.ts';

/** Bytes after which signals and timers get their turn. */
const TURN = 4 << 20;

/**
 * Reads every input of a source to its end, twice: once for the keys that its objects have, once for what their values are; every value
 * counts. Goes by the plan's limits, not by its features. Files that are the same file are read once. Memory does not grow with the inputs.
 * Fails with what a survey fails with, with ATLAS_INPUT_CHANGED, and with ATLAS_JSON_KEYS where there are too many keys.
 */
export async function profileJsonlInputs(
  plan: JsonlSourcePlan,
  { stores, signal }: InputAccess,
): Promise<readonly InputProfile[]> {
  const access: InputAccess = { stores, signal };
  const profiles: InputProfile[] = [];
  const seen = new Set<string>();
  for (const path of leaveOut(await listInputs(plan.path, plan.root, access), plan)) {
    signal.throwIfAborted();
    if (path === STDIN) throw unreadable();
    const { file, inode } = await surveyFile(path, { ...plan, features: [] }, access);
    if (seen.has(inode)) continue;
    seen.add(inode);
    profiles.push(await profileFile(file, plan, access));
  }
  return profiles;
}

async function profileFile(file: LineFile, plan: JsonlSourcePlan, access: InputAccess): Promise<InputProfile> {
  const { learned } = await readThrough(file, plan, [], access);
  if (learned.incomplete) throw tooManyKeys(file.path);
  const profiler = await readThrough(file, plan, learned.names, access);
  const damage = [...profiler.damage].map(([code, records]) => ({ code, records }));
  return {
    file: file.name,
    rows: profiler.rows,
    damaged: profiler.damaged,
    damage: damage.sort((a, b) => b.records - a.records),
    columns: profiler.columns(),
  };
}

async function readThrough(
  file: LineFile,
  plan: JsonlSourcePlan,
  names: readonly string[],
  access: InputAccess,
): Promise<JsonProfiler> {
  const { signal } = access;
  const open = (raw: ByteFeed): Promise<ByteFeed> => openFeed(raw, file.compression, file.path, plan, signal);
  await using feed = await feedFromStart(file, { openFeed: open, takePipe: unreachable, ...access });
  const kernel = await Kernel.open(JsonProfiler.kernelBytes({ plan, names }));
  const profiler = new JsonProfiler(kernel, { plan, names });
  const window = new Window(profiler.window);
  await window.open(feed, file.start);
  let turn = window.position + TURN;
  for (;;) {
    if (window.position >= turn) {
      await setImmediate();
      signal.throwIfAborted();
      turn = window.position + TURN;
    }
    const { consumed, stop } = profiler.count(window.from, window.to, window.final);
    window.pass(consumed);
    if (stop === 'end') break;
    if (stop === 'full') continue;
    await window.refill(consumed === 0);
    if (window.final && window.from === window.to) break;
  }
  return profiler;
}

function tooManyKeys(path: string): AtlasError {
  const message = `${path}: its objects have more than ${MOST_KEYS.toLocaleString('en-US')} different keys`;
  return new AtlasError('ATLAS_JSON_KEYS', message, { place: { file: path } });
}

function unreadable(): AtlasError {
  return new AtlasError('ATLAS_INPUT_UNREADABLE', 'standard input can be read once, and was to be looked at first', {
    place: { file: STDIN },
    hint: 'Write it to a file first.',
  });
}

function unreachable(): never {
  throw new AtlasError('ATLAS_INTERNAL', 'a pipe was to be profiled');
}
