import { hostname } from 'node:os';
import { AtlasError } from '../errors.ts';
import type { Intention, Ledger } from '../flow/ledger.ts';
import type { Identity, Sink, TargetLock } from '../flow/sink.ts';
import type { RememberingSink, SharedEnd } from '../flow/target-memory.ts';
import { decide } from './decide.ts';
import { describeIdentity } from './describe-identity.ts';
import { isAddition } from './is-addition.ts';
import { memoryOf } from './memory-of.ts';
import { recount } from './publish-staged.ts';
import { sameIdentity } from './same-identity.ts';

/** What recovery did about one intention of an earlier run. */
export interface Recovery {
  readonly run: string;
  readonly dataset: string;
  readonly did: 'settled' | 'committed' | 'abandoned';
  /** For people. */
  readonly message: string;
}

/** What recovery needs. */
export interface Pending {
  readonly sink: RememberingSink;
  readonly ledger: Ledger;
  readonly lock: TargetLock;
  /** Abandon what conflicts instead of stopping. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** One intention at a time; `isOwn`: it is in this host's ledger, too. */
interface PendingOne extends Pending {
  readonly isOwn: boolean;
}

/**
 * Settles every open intention of the sink's target, this host's and those that the target's own server remembers of others, by looking at it, then removes drafts that nobody owns any more.
 * Call it under the lock, before anything else; calling it twice changes nothing more than once.
 * Fails with ATLAS_TARGET_CONFLICT (draft kept, both identities in the message; or nothing here tells what became of another host's own
 * disk) unless `force` is set.
 */
export async function settlePending(pending: Pending): Promise<readonly Recovery[]> {
  const { sink, lock, signal } = pending;
  const recoveries: Recovery[] = [];
  const { open, ended } = await openIntentions(pending);
  for (const { intention, end } of ended) recoveries.push(await follow(pending, intention, end));
  for (const [index, { intention, isOwn }] of open.entries()) {
    await lock.confirm({ signal });
    const later = open.slice(index + 1).map((each) => each.intention);
    recoveries.push(await settleOne({ ...pending, isOwn }, intention, later));
  }
  await lock.confirm({ signal });
  await sink.clean([], { signal });
  return recoveries;
}

/** The intentions that nobody settled, oldest first; and those of this host that another settled meanwhile. */
async function openIntentions({ sink, ledger, signal }: Pending) {
  const own = await ledger.pending(sink.target);
  const shared = (await sink.memory?.pending({ signal })) ?? [];
  const ends = await sink.memory?.ends(
    own.map(({ id }) => id),
    { signal },
  );
  const known = new Set(own.map(({ id }) => id));
  const open = [
    ...own.filter(({ id }) => !ends?.has(id)).map((intention) => ({ intention, isOwn: true })),
    ...shared.filter(({ id }) => !known.has(id)).map((intention) => ({ intention, isOwn: false })),
  ].sort((a, b) => (a.intention.createdAt < b.intention.createdAt ? -1 : 1));
  const ended = own.flatMap((intention) => {
    const end = ends?.get(intention.id);
    return end === undefined ? [] : [{ intention, end }];
  });
  return { open, ended };
}

/** What another host found out by looking holds here, too. */
async function follow({ ledger }: Pending, intention: Intention, end: SharedEnd): Promise<Recovery> {
  const { run, dataset, receipt } = intention;
  if (end === 'settled') {
    const note = 'the run was interrupted; a run of another host settled it';
    await ledger.settle(intention.id, { ...receipt, notes: [...receipt.notes, note] });
    const message = `run ${run} was interrupted: what it made of ${dataset} was published, as a run of another host found`;
    return { run, dataset, did: 'settled', message };
  }
  const reason = 'a run of another host found that nothing was published';
  await ledger.close(intention.id, 'abandoned', reason);
  return {
    run,
    dataset,
    did: 'abandoned',
    message: `run ${run} was interrupted, and its ${dataset} is abandoned: ${reason}`,
  };
}

async function settleOne(pending: PendingOne, intention: Intention, later: readonly Intention[]): Promise<Recovery> {
  const { sink, ledger, signal } = pending;
  const { staged } = intention;
  if (isAddition(staged)) return settleAddition(pending, intention);
  const now = await sink.look({ signal });
  const decision = decide(intention.pre, staged.post, now);
  if (decision === 'commit') return commitAgain(pending, intention);
  // An inode is reused and a file rewritten in place, so content has the last word where the identity said "published";
  // and a target that holds exactly what was intended, whoever put it there, is published.
  if ((await sink.compare(staged, 'target', { signal })) === 'same') return settle(pending, intention, 'settled');
  if (later.some(({ staged: { post } }) => decide(intention.pre, post, now) === 'settle')) {
    return abandon(pending, intention, 'a later run has published since');
  }
  const last = await ledger.lastPublished(intention.ocs, intention.dataset);
  if (last?.identity && last.run !== intention.run && sameIdentity(last.identity, now)) {
    return abandon(pending, intention, `the target holds what run ${last.run} published`);
  }
  if (!pending.force) throw conflict(sink, intention, now);
  return abandon(pending, intention, `--force: the target was written by somebody else (${describeIdentity(now)})`);
}

/**
 * An addition to a folder has no one step that could be seen to have happened: all of its files there, it happened; each of them
 * there or in the draft, and the folder the same, the rest follows; none there, nothing was published.
 */
async function settleAddition(pending: PendingOne, intention: Intention): Promise<Recovery> {
  const { sink, lock, signal } = pending;
  const { staged } = intention;
  const there = await sink.compare(staged, 'target', { signal });
  if (there === 'same') return settle(pending, intention, 'settled');
  if ((await sink.compare(staged, 'either', { signal })) === 'same') {
    await lock.confirm({ signal });
    await sink.commit(staged, { signal });
    return settle(pending, intention, 'committed');
  }
  if (there === 'absent') {
    await refuseOther(pending, intention);
    return abandon(pending, intention, 'nothing was published, and its draft or its folder is not what it was');
  }
  if (!pending.force) throw conflict(sink, intention, await sink.look({ signal }));
  return abandon(pending, intention, '--force: a part of it was published, and is taken back');
}

async function commitAgain(pending: PendingOne, intention: Intention): Promise<Recovery> {
  const { sink, lock, signal } = pending;
  const { staged } = intention;
  const draft = await sink.compare(staged, 'draft', { signal });
  if (draft === 'absent') {
    await refuseOther(pending, intention);
    return abandon(pending, intention, 'nothing was published, and its draft is gone');
  }
  if (draft === 'other')
    return abandon(pending, intention, 'nothing was published, and its draft is not as it was staged');
  await lock.confirm({ signal });
  const now = await sink.look({ signal });
  const decision = decide(intention.pre, staged.post, now);
  // a request that the interrupted run had sent may have been carried out just now
  const isThere = decision === 'settle' && (await sink.compare(staged, 'target', { signal })) === 'same';
  if (isThere) return settle(pending, intention, 'settled');
  if (decision !== 'commit') throw conflict(sink, intention, now);
  await sink.commit(staged, { signal });
  return settle(pending, intention, 'committed');
}

async function settle(pending: PendingOne, intention: Intention, did: 'settled' | 'committed'): Promise<Recovery> {
  const { sink, ledger, isOwn, signal } = pending;
  const { staged, receipt } = intention;
  await sink.secure(staged, { signal });
  await recount(sink, staged);
  const how = did === 'settled' ? 'had been published' : 'had been staged, and is published now';
  const note = `the run was interrupted; what it made ${how}, and a later run settled it`;
  await memoryOf(sink, intention.receipt)?.end(intention, 'settled', { signal });
  if (isOwn) await ledger.settle(intention.id, { ...receipt, notes: [...receipt.notes, note] });
  const message = `run ${intention.run} was interrupted: its ${staged.rows} rows of ${intention.dataset} ${how}`;
  return { run: intention.run, dataset: intention.dataset, did, message };
}

async function abandon(
  { sink, ledger, isOwn, signal }: PendingOne,
  intention: Intention,
  reason: string,
): Promise<Recovery> {
  await memoryOf(sink, intention.receipt)?.end(intention, 'abandoned', { signal });
  if (isOwn) await ledger.close(intention.id, 'abandoned', reason);
  await sink.erase(intention.staged, { signal });
  const message = `run ${intention.run} was interrupted, and its ${intention.dataset} is abandoned: ${reason}`;
  return { run: intention.run, dataset: intention.dataset, did: 'abandoned', message };
}

/**
 * Where hosts share a ledger, a path may be one of each host's own disk: that nothing of an intention is here says nothing of the disk that
 * it was about. Fails with ATLAS_TARGET_CONFLICT, unless `force` is set.
 */
async function refuseOther({ sink, ledger, force }: Pending, { run, staged }: Intention): Promise<void> {
  if (!ledger.shared || force || sink.target.includes('://')) return;
  const host = (await ledger.run(run))?.host ?? null;
  if (host === null || host === hostname()) return;
  throw new AtlasError(
    'ATLAS_TARGET_CONFLICT',
    `run ${run} was interrupted on ${host}, and nothing of it is at ${sink.target} on ${hostname()}, where its draft would be ${staged.draft}`,
    {
      place: { file: sink.target },
      hint: `If the disk is ${host}'s own, run the group there; if it is gone for good, or the disk is the same, run with --force.`,
    },
  );
}

function conflict(sink: Sink, intention: Intention, now: Identity): AtlasError {
  const { run, pre, staged } = intention;
  return new AtlasError(
    'ATLAS_TARGET_CONFLICT',
    `${sink.target} is ${describeIdentity(now)}; before run ${run} it was ${describeIdentity(pre)}, and that run would have made it ${describeIdentity(staged.post)}, kept at ${staged.draft}`,
    { place: { file: sink.target } },
  );
}
