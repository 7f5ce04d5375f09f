import { CODES, type ErrorCode } from '../../src/errors.ts';
import type { Receipt } from '../../src/index.ts';
import { Dice } from '../integrity/crash-moments.ts';
import { AFTERWARDS, type Fault, type FaultKind, INSTEAD } from '../services/fault-proxy/fault.ts';
import { CODES_OF_FAULT } from './codes-of-fault.ts';
import { ATTEMPTS, type Content, type FaultBed, type FaultRun, type Layout } from './fault-bed.ts';

/** One seeded trial and what was wrong with it. */
export interface Verdict {
  readonly about: string;
  /** Whether a fault met a request. */
  readonly fell: boolean;
  readonly outcome: string;
  /** What the run after it settled. */
  readonly recovered: number;
  readonly problems: readonly string[];
}

/** A step, and whether its answer may be a boolean. */
const STEPS: readonly string[] = [
  'CREATE 1',
  'CREATE 2',
  'MKDIRS',
  'RENAME',
  'RENAME over',
  'DELETE',
  'GETFILESTATUS',
  'GETFILECHECKSUM 1',
  'GETFILECHECKSUM 2',
  'LISTSTATUS',
  'OPEN 1',
  'OPEN 2',
  'SETPERMISSION',
  'GETSERVERDEFAULTS',
];
const UNSETTLED = 'ATLAS_TARGET_UNSETTLED';
const BOOLEAN: ReadonlySet<string> = new Set(['MKDIRS', 'RENAME', 'DELETE']);
/** How often a run takes a step, at a target of one file and at a folder; once where it is not said. */
const OFTEN: Readonly<Record<string, readonly [number, number]>> = {
  'CREATE 1': [6, 10],
  'CREATE 2': [6, 10],
  MKDIRS: [1, 3],
  RENAME: [2, 2],
  DELETE: [2, 2],
  GETFILESTATUS: [40, 60],
  'GETFILECHECKSUM 1': [1, 4],
  'GETFILECHECKSUM 2': [1, 4],
  LISTSTATUS: [2, 3],
  'OPEN 1': [2, 6],
  'OPEN 2': [2, 6],
};

/** What a seed means: where harm is done, and to what. */
interface Trial {
  readonly fault: Fault;
  readonly before: 'absent' | 'present';
  readonly rows: number;
}

function trialOf(seed: number, layout: Layout): Trial {
  const dice = new Dice(Math.imul(seed + 1, 0x9e3779b1));
  for (let warm = 0; warm < 4; warm += 1) dice.roll(2);
  // the step that publishes matters most
  const before = dice.pick<Trial['before']>(['absent', 'present']);
  const possible = STEPS.filter((each) => isTaken(each, before, layout));
  const step = dice.roll(5) === 0 ? 'RENAME over' : dice.pick(possible);
  const kind = dice.pick<FaultKind>([...AFTERWARDS, ...INSTEAD].filter((each) => isPossible(step, each)));
  const at = dice.roll(OFTEN[step]?.[layout === 'file' ? 0 : 1] ?? 1);
  const often = dice.pick([1, 1, 1, 2, 3, 1000]);
  const times = kind === 'slow-loris' ? Math.min(often, 2) : often;
  return { fault: { step, at, times, kind }, before, rows: 1 + dice.roll(40) };
}

/** Whether a run takes a step at all: what is there need not be made, what is new has the permissions it was made with. */
function isTaken(step: string, before: Trial['before'], layout: Layout): boolean {
  if (step === 'MKDIRS') return before === 'absent' || layout === 'folder';
  return step !== 'SETPERMISSION' || before === 'present';
}

function isPossible(step: string, kind: FaultKind): boolean {
  if (kind.startsWith('false')) return BOOLEAN.has(step);
  // bytes of a file that a server makes up are no fault of the protocol
  return step !== 'OPEN 2' || (kind !== 'nonsense' && kind !== 'truncated');
}

/** One run under the faults of a seed, held against every promise; then one without any. */
export async function tryFault(bed: FaultBed, seed: number): Promise<Verdict> {
  const { fault, before, rows } = trialOf(seed, bed.layout);
  const problems: string[] = [];
  if (before === 'absent' || bed.layout === 'folder') await bed.removeAll();
  if (before === 'present' && bed.layout === 'folder') await bed.makeEmptyTarget();
  if (before === 'present' && bed.layout === 'file' && (await bed.content()) === null) await bed.run(seed, 3);
  const old = await bed.content();

  const harmed = await bed.run(seed * 100, rows, fault);
  const fell = bed.proxy.seen.some((each) => each.fault !== null);
  const { connections, bytes } = bed.proxy.canary;
  if (connections > 0) problems.push(`the foreign host was visited ${connections} times, with ${bytes} bytes`);
  problems.push(...judge(harmed, await bed.content(), old, rows, fault.kind));
  if (harmed.requests > MOST_REQUESTS) problems.push(`${harmed.requests} requests were made`);

  await bed.endLeases();
  const healed = await bed.run(seed * 100 + 50, rows + 1);
  const { receipt } = healed;
  if (harmed.receipt.error?.code === UNSETTLED && healed.recovered.length === 0) {
    problems.push('nothing was settled after a run that could not');
  }
  // a folder that the harmed run published, or that its recovery did, is there and full
  const isFull = bed.layout === 'folder' && receipt.error?.code === 'ATLAS_TARGET_NOT_EMPTY';
  if (receipt.outcome !== 'published' && !isFull) {
    problems.push(`the run after it ${receipt.outcome}: ${receipt.error?.code} ${receipt.error?.message}`);
  }
  const total = isFull ? rows : rows + 1;
  const now = await bed.content();
  if (rowsOf(now) !== total) problems.push(`after both there are ${rowsOf(now)} rows, not ${total}`);
  const left = await bed.others();
  if (left.length > 0) problems.push(`beside the target there is ${left.join(', ')}`);
  const { step, at, times, kind } = fault;
  const about = `seed ${seed}: ${bed.layout}, ${before} before: ${kind} at ${step} ${at} × ${times}`;
  const outcome = harmed.receipt.error?.code ?? harmed.receipt.outcome;
  return { about, fell, outcome, recovered: healed.recovered.length, problems };
}

/** A run without faults makes some sixty; no step may be asked for more often than so many times each. */
const MOST_REQUESTS = 120 * ATTEMPTS;

function judge(
  { receipt, exitCode }: FaultRun,
  now: Content | null,
  old: Content | null,
  rows: number,
  kind: FaultKind,
): readonly string[] {
  if (receipt.outcome === 'published')
    return isPublished(now, receipt, rows) ? [] : [`published, but there is ${said(now)}`];
  const problems: string[] = [];
  const { code, message } = receipt.error ?? { code: 'none', message: '' };
  const isUncertain = code === 'ATLAS_HDFS_UNCERTAIN' || code === UNSETTLED;
  if (code !== UNSETTLED && !(CODES_OF_FAULT[kind] as readonly string[]).includes(code))
    problems.push(`failed with ${code}: ${message}`);
  if (exitCode !== CODES[code as ErrorCode]?.exit) problems.push(`${code} ended with ${exitCode}`);
  const isOld = said(now) === said(old);
  // what is uncertain is one of the two, and whole
  const isNew = isUncertain && rowsOf(now) === rows;
  if (!isOld && !isNew) problems.push(`failed with ${code}, but instead of ${said(old)} there is ${said(now)}`);
  return problems;
}

function isPublished(now: Content | null, { files, rows: { published } }: Receipt, rows: number): boolean {
  const expected = files.map(({ path, sha256, rows: count }) => ({ path, sha256, rows: count }));
  const found = now?.map((each) => (each.path === '' ? { ...each, path: expected[0]?.path ?? '' } : each)) ?? [];
  return published === rows && rowsOf(found) === rows && said(found) === said(expected);
}

function rowsOf(content: Content | null): number {
  return content?.reduce((sum, each) => sum + each.rows, 0) ?? 0;
}

function said(content: Content | null): string {
  return content === null ? 'nothing' : JSON.stringify(content.map(({ path, sha256, rows }) => [path, sha256, rows]));
}
