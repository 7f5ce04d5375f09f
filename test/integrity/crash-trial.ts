import type { Blow, CrashSite, Ended, Snapshot, Variant } from './crash-site.ts';
import { type Call, describeInjection } from './strace.ts';

/** A moment of the matrix: a blow on a run, perhaps one on its recovery, and the run that must then converge. */
export interface Moment {
  readonly killed: Variant;
  readonly blow: Exclude<Blow, null>;
  readonly recovery: { readonly variant: Variant; readonly blow: Exclude<Blow, null> } | null;
  readonly next: Variant;
}

export type Expected = ReadonlyMap<number, Snapshot>;

/** What a moment did, or what was wrong after it. */
export interface Verdict {
  readonly moment: string;
  /** The blow fell; false where the run ended before it. */
  readonly fell: boolean;
  readonly problems: readonly string[];
}

/** What each bound of row groups makes of the new input, by undisturbed runs; workers must make no difference. */
export async function expectations(site: CrashSite, bounds: readonly number[]): Promise<Expected> {
  const expected = new Map<number, Snapshot>();
  for (const groupRows of bounds) {
    for (const workers of [1, 2]) {
      await site.reset();
      const ended = await site.run({ input: 'new', groupRows, workers });
      if (ended.code !== 0) throw new Error(`an undisturbed run failed with ${ended.code}: ${ended.err}`);
      const made = await site.snapshot(true);
      const before = expected.get(groupRows);
      if (before !== undefined && !same(before, made)) throw new Error(`${workers} workers make other bytes`);
      expected.set(groupRows, made);
    }
  }
  return expected;
}

/** Plays one moment through and holds every promise against it. */
export async function tryMoment(site: CrashSite, moment: Moment, expected: Expected): Promise<Verdict> {
  const problems: string[] = [];
  await site.reset();
  const old = await site.snapshot(true);
  const allowed = [old, expected.get(moment.killed.groupRows)!];
  const ended = await site.run(moment.killed, moment.blow);
  const after = await site.snapshot(false);
  const fell = ended.signal === 'SIGKILL' || ended.hits.length > 0;
  if (!allowed.some((content) => same(content, after)))
    problems.push(`the target is neither old nor new: ${brief(after)}`);
  if (!isKill(moment.blow)) problems.push(...judgeError(ended, after, allowed, site));
  else if (!fell && ended.code !== 0) problems.push(`it ended by itself with ${ended.code}: ${ended.err.trim()}`);
  if (moment.recovery !== null) {
    allowed.push(expected.get(moment.recovery.variant.groupRows)!);
    await site.run(moment.recovery.variant, moment.recovery.blow);
    const then = await site.snapshot(false);
    if (!allowed.some((content) => same(content, then)))
      problems.push(`after the recovery it is neither: ${brief(then)}`);
  }
  problems.push(...(await judgeNext(site, moment, allowed, expected)));
  return { moment: nameOf(moment), fell, problems };
}

/** After an error: exit code, code of the error, and no success that rests on a failed sync. */
function judgeError(
  { code, out, err, hits }: Ended,
  after: Snapshot,
  [old, made]: readonly Snapshot[],
  site: CrashSite,
): readonly string[] {
  if (hits.length === 0) return [];
  if (code === null) return ['it died of it'];
  const problems: string[] = [];
  if (code === 0) {
    if (!same(after, made!)) problems.push('it says success, but the new data is not there');
    const unsynced = hits.find(({ syscall, line }) => /^f(data)?sync$/.test(syscall) && line.includes('/now/out'));
    if (unsynced !== undefined) problems.push(`it says success after a failed ${unsynced.line}`);
    return problems;
  }
  const said = codesIn(out) ?? codesIn(err);
  if (said === null) return [`it says no code: ${err.trim().slice(0, 300)}`];
  const wanted = hits.map((hit) => codesFor(hit, site));
  const clear = wanted.some((codes) => codes === null || codes.includes(said));
  if (!clear) problems.push(`it says ${said}, not ${[...new Set(wanted.flat())].join(' or ')}: ${hits[0]!.line}`);
  // where the ledger fails too, its code has precedence
  const ledger = said === 'ATLAS_LEDGER_UNAVAILABLE' || err.includes('ATLAS_LEDGER_UNAVAILABLE');
  if (/^ATLAS_(STORE|LEDGER)/.test(said) && code !== (ledger ? 75 : 1)) problems.push(`exit code ${code} for ${said}`);
  // New data under an error is honest only where the error came after the one step that publishes.
  if (!same(after, old!) && !site.knows(made!))
    problems.push('the new data is there and the ledger knows nothing of it');
  return problems;
}

/** The codes a failed call may lead to; null where it is none of the job's files (inputs and programs are not judged here). */
function codesFor({ line, syscall }: Call, site: CrashSite): readonly string[] | null {
  if (line.includes(`${site.root}/now/state`)) return ['ATLAS_LEDGER_UNAVAILABLE'];
  if (!line.includes(`${site.root}/now/out`)) return null;
  if (/^f(data)?sync$/.test(syscall)) return ['ATLAS_STORE_SYNC'];
  const code = line.includes('ENOSPC') ? 'ATLAS_STORE_SPACE' : 'ATLAS_STORE_WRITE';
  // a folder is opened to be listed, or to be synced
  return syscall === 'openat' && !line.includes('O_CREAT') ? [code, 'ATLAS_STORE_SYNC'] : [code];
}

function codesIn(text: string): string | null {
  return /ATLAS_(?:STORE|LEDGER|TARGET|LOCK|INPUT|META|USAGE|PARQUET|INTERNAL|VERIFY)[A-Z_]*/.exec(text)?.[0] ?? null;
}

/** The run after: it must converge by itself, leave no orphan, and agree with the ledger. */
async function judgeNext(
  site: CrashSite,
  moment: Moment,
  allowed: readonly Snapshot[],
  expected: Expected,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const wanted = expected.get(moment.next.groupRows)!;
  const ended = await site.run(moment.next);
  const now = await site.snapshot(true);
  const full = site.folder && ended.code === 1 && ended.out.includes('ATLAS_TARGET_NOT_EMPTY');
  if (full) {
    // A folder is published once: what the killed run made of it, or its recovery, stands.
    if (!allowed.slice(1).some((content) => same(content, now)))
      problems.push(`the full folder is none of ours: ${brief(now)}`);
  } else {
    if (ended.code !== 0)
      problems.push(`the next run ended with ${ended.code}: ${ended.err.trim()} ${ended.out.slice(0, 300)}`);
    if (!same(now, wanted)) problems.push(`the next run left ${brief(now)} instead of ${brief(wanted)}`);
  }
  const left = (await site.leftInState()).filter((name) => !/^ledger\.db-(wal|shm)$/.test(name));
  if (left.length > 0) problems.push(`left in the state folder: ${left.join()}`);
  const ledger = site.readLedger();
  if (ledger.sound !== 'ok') problems.push(`the ledger is damaged: ${ledger.sound}`);
  if (ledger.open !== 0) problems.push(`${ledger.open} intentions are open`);
  const data = Object.fromEntries(Object.entries(now).filter(([path]) => path.endsWith('.parquet')));
  if (ledger.files === null || !same(ledger.files, data))
    problems.push(`the last receipt says ${brief(ledger.files ?? {})}`);
  return problems;
}

function isKill(blow: Exclude<Blow, null>): boolean {
  return 'killAfter' in blow || blow.injection.what === 'kill';
}

function nameOf({ killed, blow, recovery, next }: Moment): string {
  const name = (one: Exclude<Blow, null>) =>
    'killAfter' in one ? `kill after ${one.killAfter} ms` : describeInjection(one.injection);
  const variant = ({ groupRows, workers }: Variant) => `${workers} workers, groups of ${groupRows}`;
  const again = recovery === null ? '' : `; then ${name(recovery.blow)} (${variant(recovery.variant)})`;
  return `${name(blow)} (${variant(killed)})${again}; then ${variant(next)}`;
}

function same(one: Snapshot, other: Snapshot): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function brief(snapshot: Snapshot): string {
  const parts = Object.entries(snapshot).map(([path, sum]) => `${path} ${sum.slice(0, 8)}`);
  return parts.length === 0 ? 'nothing' : parts.slice(0, 6).join(', ');
}
