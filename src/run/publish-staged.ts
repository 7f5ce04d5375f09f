import { AtlasError } from '../errors.ts';
import type { Intention, Ledger } from '../flow/ledger.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { Sink, Staged, TargetLock } from '../flow/sink.ts';
import type { RememberingSink } from '../flow/target-memory.ts';
import { account } from './account.ts';
import { describeIdentity } from './describe-identity.ts';
import { isAddition } from './is-addition.ts';
import { memoryOf } from './memory-of.ts';
import { sameIdentity } from './same-identity.ts';
import { together } from './together.ts';

/** What the second half of the law needs. */
export interface Publication {
  readonly sink: RememberingSink;
  /** Kind of sink (`parquet`). */
  readonly kind: string;
  readonly ledger: Ledger;
  readonly lock: TargetLock;
  readonly staged: Staged;
  /** The receipt so far; target, files, bytes, row groups and identity are filled in from what was staged. */
  readonly receipt: Receipt;
  /** Obeyed until the intention is written; what was intended is then carried through. */
  readonly signal: AbortSignal;
}

/**
 * Intend → confirm → look → commit → secure → recount → settle. Answers the settled receipt. Where it fails before the
 * commit, the draft is erased and the intention closed; where nobody can know whether the commit holds (a folder that did
 * not sync), the intention stays open and the next run settles it by looking.
 * Fails with ATLAS_ROWS_UNACCOUNTED, ATLAS_LOCK_LOST, ATLAS_TARGET_CONFLICT, ATLAS_TARGET_EXISTS, ATLAS_TARGET_NOT_EMPTY,
 * ATLAS_STORE_*, ATLAS_HDFS_*, ATLAS_TARGET_UNSETTLED, ATLAS_LEDGER_UNAVAILABLE or ATLAS_VERIFY_FAILED.
 */
export async function publishStaged(publication: Publication): Promise<Receipt> {
  const { sink, ledger, lock, staged, signal } = publication;
  const through = { signal: new AbortController().signal };
  const receipt = complete(publication);
  let intention: Intention;
  let told: Intention | null = null;
  try {
    account({ rows: receipt.rows, staged: staged.rows - (staged.rowsBefore ?? 0), spans: null, bytes: null });
    const [, , pre] = await together(lock.confirm({ signal }), sink.check({ signal }), sink.look({ signal }));
    if (staged.onto && !sameIdentity(staged.onto, pre)) {
      throw new AtlasError(
        'ATLAS_TARGET_CONFLICT',
        `${sink.target} was ${describeIdentity(staged.onto)} when the draft was begun, and is now ${describeIdentity(pre)}`,
        { place: { file: sink.target }, hint: 'Somebody else wrote it in the meantime. Nothing was published.' },
      );
    }
    intention = intend(publication, receipt, pre);
    signal.throwIfAborted();
    // first where other hosts see it: whoever comes after an interruption settles it there, whatever host that is
    told = intention;
    await memoryOf(sink, receipt)?.intend(intention, through);
    await ledger.intend(intention);
  } catch (error) {
    await quietly(() => sink.erase(staged, through));
    const open = told;
    if (open !== null) await quietly(async () => memoryOf(sink, receipt)?.end(open, 'abandoned', through));
    throw error;
  }
  await lock.confirm(through);
  const now = await sink.look(through);
  // what others add to a folder meanwhile changes its time, and takes nothing from what is added now
  if (!sameIdentity(isAddition(staged) ? staged.post : intention.pre, now)) {
    throw new AtlasError(
      'ATLAS_TARGET_CONFLICT',
      `${sink.target} was ${describeIdentity(intention.pre)} and is now ${describeIdentity(now)}; the draft is kept at ${staged.draft}`,
      { place: { file: sink.target } },
    );
  }
  try {
    await sink.commit(staged, through);
  } catch (error) {
    const isOver = await takeBack(publication, intention, error);
    throw isOver ? error : unsettled(error, sink.target);
  }
  try {
    await together(sink.secure(staged, through), recount(sink, staged));
  } catch (error) {
    throw unsettled(error, sink.target);
  }
  try {
    await memoryOf(sink, receipt)?.end(intention, 'settled', through);
  } catch (error) {
    throw unsettled(error, sink.target);
  }
  await ledger.settle(intention.id, receipt);
  // old versions and tables go once the new one is known to be whole; what is left is found by the next run
  if (staged.version || staged.table) await quietly(() => sink.clean([], through));
  return receipt;
}

/** After these a request may yet be carried out. */
const UNCERTAIN: ReadonlySet<string> = new Set([
  'ATLAS_HDFS_UNCERTAIN',
  'ATLAS_CH_LOST',
  'ATLAS_CH_ENGINE_DIED',
  'ATLAS_CH_COMMIT_UNKNOWN',
]);

/**
 * After a commit that failed: looks, and closes the intention only where the target is seen not to have changed, and cannot change any more;
 * answers whether it did.
 * A commit that may yet happen stays open, draft and all: the next run looks at the target, and settles it.
 */
async function takeBack(publication: Publication, intention: Intention, error: unknown): Promise<boolean> {
  const { sink, ledger, staged } = publication;
  if (error instanceof AtlasError && UNCERTAIN.has(error.code)) return false;
  const through = { signal: new AbortController().signal };
  let isClosed = false;
  await quietly(async () => {
    if (!sameIdentity(intention.pre, await sink.look(through))) return;
    if ((await sink.compare(staged, 'draft', through)) !== 'same') return;
    const reason = error instanceof AtlasError ? error.code : 'the commit failed';
    await memoryOf(sink, intention.receipt)?.end(intention, 'abandoned', through);
    await ledger.close(intention.id, 'abandoned', `nothing was published: ${reason}`);
    isClosed = true;
    await sink.erase(staged, through);
  });
  return isClosed;
}

/** What ended a run whose target may show the new data, and whose intention is open: that a server was not there says too little of it. */
function unsettled(error: unknown, target: string): unknown {
  if (!(error instanceof AtlasError) || !error.code.startsWith('ATLAS_HDFS_') || error.code === 'ATLAS_HDFS_UNCERTAIN')
    return error;
  const message = `${target} was given the new data and could not be looked at again: ${error.message}`;
  return new AtlasError('ATLAS_TARGET_UNSETTLED', message, { place: { file: target }, cause: error });
}

/** Counts what is published by its own footers. Fails with ATLAS_VERIFY_FAILED. */
export async function recount(sink: Sink, staged: Staged): Promise<void> {
  const rows = await sink.recount(staged, { signal: new AbortController().signal });
  if (rows === null || rows === staged.rows) return;
  throw new AtlasError('ATLAS_VERIFY_FAILED', `${staged.rows} rows were staged, what is published holds ${rows}`, {
    place: { file: sink.target },
  });
}

function complete({ sink, staged, receipt }: Publication): Receipt {
  return {
    ...receipt,
    outcome: 'published',
    target: sink.target,
    bytesOut: staged.bytes,
    rowGroups: staged.rowGroups,
    files: staged.files,
    identity: staged.post,
    ...(staged.replaces && { replaced: staged.replaces.files.map(({ path }) => path) }),
    ...(staged.version && { version: staged.version.path }),
    ...(staged.table && { table: staged.table }),
    error: null,
  };
}

function intend({ sink, kind, staged }: Publication, receipt: Receipt, pre: Intention['pre']): Intention {
  return {
    id: `${receipt.run}/${receipt.dataset}`,
    run: receipt.run,
    ocs: receipt.ocs,
    dataset: receipt.dataset,
    sink: kind,
    target: sink.target,
    pre,
    staged,
    receipt,
    createdAt: new Date().toISOString(),
  };
}

/** Cleaning up never hides the error that made it necessary. */
async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // what is left behind is found by name and removed by the next run
  }
}
