import { setImmediate } from 'node:timers/promises';
import { AtlasError } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { ReplayInput } from '../../../flow/replay-input.ts';
import type { Survey } from '../../../flow/source.ts';
import type { Task } from '../../../flow/task.ts';
import type { InputAccess } from '../../input.ts';
import { openInput } from '../../open-input.ts';
import { PlaceList } from '../encoding/place-list.ts';
import { decodeState } from '../survey/survey-state.ts';
import { parseReplayLine, type ReplayLine, replayFileError } from './replay-line.ts';
import { replayLines } from './replay-lines.ts';
import { encodeReplaySlice } from './replay-slice.ts';

/** Lines after which signals and timers get their turn. */
const TURN = 2048;

/** The longest line of a reject file: a row of the greatest length, every byte of it escaped, and the facts. */
export function longestLine({ maxRowBytes }: CsvSourcePlan): number {
  return 6 * maxRowBytes + (4 << 20);
}

/** The bytes of a row as its line has them, before anything is read from them. */
export function rawBytes({ text, base64 }: ReplayLine): Uint8Array {
  if (text !== null) return Buffer.from(text);
  return base64 === null ? new Uint8Array() : Buffer.from(base64, 'base64');
}

/** Nothing stands where the row stood: somebody emptied it, and gave it up. */
export function isEmptied({ text, base64, truncated }: ReplayLine): boolean {
  return (text ?? base64) === '' && !truncated;
}

/**
 * Reads a reject file to its end: every line must be one, of an input that the run read, and no row may stand there twice.
 * Fails with ATLAS_REPLAY_FILE at the first line that is wrong, ATLAS_INPUT_NOT_FOUND or ATLAS_INPUT_UNREADABLE.
 */
export async function surveyReplay(plan: CsvSourcePlan, input: ReplayInput, access: InputAccess): Promise<Survey> {
  const { signal } = access;
  await using file = await openInput(input.path, null, access);
  const known = new Set(decodeState(input.state).files.map(({ name }) => name));
  const places = new Map<string, PlaceList>();
  const tasks: Task[] = [];
  let [from, first, begin] = [0, 1, 0];
  let [lines, bytes] = [0, 0];
  const cut = (to: number): void => {
    const slice = encodeReplaySlice({ from, to, first });
    tasks.push({ index: tasks.length, follows: tasks.length > 0, begin, bytes: to - from, slice });
  };
  for await (const text of replayLines(file, { from: 0, to: file.bytes, first: 1 }, longestLine(plan))) {
    if (text.number % TURN === 0) await setImmediate();
    signal.throwIfAborted();
    const line = parseReplayLine(text.text, input.path, text.number);
    if (!known.has(line.file)) {
      throw replayFileError(`the run read no input ${JSON.stringify(line.file)}`, input.path, text.number);
    }
    const key = JSON.stringify([line.file, line.record]);
    const list = places.get(key) ?? new PlaceList();
    places.set(key, list);
    list.add(line.offset, text.number);
    if (isEmptied(line)) continue;
    if (text.begin - from >= plan.sliceBytes) {
      cut(text.begin);
      [from, first, begin] = [text.begin, text.number, bytes];
    }
    bytes += rawBytes(line).length;
    lines += 1;
  }
  if (lines > 0) cut(file.bytes);
  refuseRepeated([...places.values()], input.path);
  return {
    inputs: [{ path: input.path, bytes: file.bytes, identity: file.identity }],
    tasks,
    state: input.state,
    notes: [],
    empty: lines === 0,
    ignored: [],
    columns: [],
    contentBytes: bytes,
    rejects: lines,
  };
}

function refuseRepeated(lists: readonly PlaceList[], path: string): void {
  const found = lists.flatMap((list) => list.repeated() ?? []).sort((a, b) => a.line - b.line);
  const [first] = found;
  if (!first) return;
  throw new AtlasError(
    'ATLAS_REPLAY_FILE',
    `${path}, line ${first.line}: it is of the same row as line ${first.before}, and would be published twice`,
    { place: { file: path, line: first.line }, hint: 'Remove one of the two lines.' },
  );
}
