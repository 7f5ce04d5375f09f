import type { HdfsCrashSite, Moment, Snapshot } from './hdfs-crash-site.ts';

/** What the targets hold after an undisturbed run of each input, and how many requests such a run makes. */
export interface Undisturbed {
  readonly a: Snapshot;
  readonly b: Snapshot;
  readonly requests: number;
}

/** Runs both inputs, the second over the first, and leaves the first, where targets are not fresh. */
export async function undisturbed(site: HdfsCrashSite, fresh: boolean): Promise<Undisturbed> {
  const load = async (input: 'a' | 'b'): Promise<{ readonly held: Snapshot; readonly requests: number }> => {
    if (fresh) site.move();
    const { code, requests, err } = await site.run(input);
    if (code !== 0) throw new Error(`an undisturbed run ended with ${code}: ${err}`);
    return { held: await site.snapshot(true), requests };
  };
  const a = await load('a');
  const b = await load('b');
  if (!fresh) await load('a');
  return { a: a.held, b: b.held, requests: b.requests };
}

/** Every moment of a run of so many requests; the body of an upload is one only where there is one. */
export function momentsOf(requests: number): readonly Moment[] {
  return Array.from({ length: requests }, (_, index) =>
    (['before', 'body', 'after'] as const).map((when) => ({ index, when })),
  ).flat();
}

/** What a blow broke, as sentences; none = every promise was kept. `fell`: the run was killed. */
export interface HdfsVerdict {
  readonly fell: boolean;
  readonly problems: readonly string[];
}

/**
 * Kills a run of `b` (over `a`, or where nothing was) and judges what readers see; then runs again, perhaps killed as well, then to its
 * end, and judges what is there and what is left behind. Leaves `a` behind for the next, where targets are not fresh.
 */
export async function tryHdfsMoments(
  site: HdfsCrashSite,
  blows: readonly Moment[],
  { a, b }: Undisturbed,
  fresh: boolean,
): Promise<HdfsVerdict> {
  if (fresh) site.move();
  const before: Snapshot = fresh ? {} : a;
  const problems: string[] = [];
  let fell = false;
  for (const blow of blows) {
    const { killed, code, err } = await site.run('b', blow);
    fell ||= killed;
    if (!killed && code !== 0 && !isRefused(fresh, err))
      problems.push(`a run that was not killed ended with ${code}: ${err}`);
    const seen = withoutEmpty(await site.snapshot(false));
    if (!same(seen, before) && !same(seen, b))
      problems.push(`readers see neither old nor new: ${JSON.stringify(seen)}`);
  }
  const { code, err } = await site.run('b');
  if (code !== 0 && !isRefused(fresh, err)) problems.push(`the run after it ended with ${code}: ${err}`);
  const after = await site.snapshot(true);
  if (!same(after, b)) problems.push(`after recovery there is ${JSON.stringify(after)}`);
  if (site.openIntentions() !== 0) problems.push(`${site.openIntentions()} intentions are still open`);
  if (!fresh) {
    const back = await site.run('a');
    if (back.code !== 0) problems.push(`going back ended with ${back.code}: ${back.err}`);
  }
  return { fell, problems };
}

/** A folder that was staged is published by recovery, and then refused to the run itself: it is not empty. */
function isRefused(fresh: boolean, err: string): boolean {
  return fresh && err.includes('ATLAS_TARGET_NOT_EMPTY');
}

/** Folders that a killed run made hold nothing that a reader takes for data. */
function withoutEmpty(snapshot: Snapshot): Snapshot {
  return Object.fromEntries(Object.entries(snapshot).filter(([name]) => !name.endsWith('/')));
}

function same(a: Snapshot, b: Snapshot): boolean {
  const [one, other] = [Object.entries(a).sort(), Object.entries(b).sort()];
  return JSON.stringify(one) === JSON.stringify(other);
}
