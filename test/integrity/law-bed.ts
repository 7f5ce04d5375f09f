import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Fragment } from '../../src/flow/fragment.ts';
import type { Ledger } from '../../src/flow/ledger.ts';
import type { Receipt } from '../../src/flow/receipt.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { publishStaged } from '../../src/run/publish-staged.ts';
import { type Recovery, settlePending } from '../../src/run/settle-pending.ts';
import { openParquetSink } from '../../src/sink/parquet/open-parquet-sink.ts';
import { localStore } from '../../src/store/local-store.ts';
import { receiptOf } from '../conformance/ledger/describe-ledger.ts';
import { fragmentsFor, planFor, type SinkBed, sinkBed, through } from '../sink/sink-bed.ts';
import { Life, mortal } from './mortal.ts';

/** Hundreds of small runs: in memory where that is to be had, because nothing here asks what a power cut leaves. */
const QUICK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

type Plan = ReturnType<typeof planFor>;

/** A target, a ledger, and runs over them that may die. */
export interface LawBed extends SinkBed {
  readonly plan: Plan;
  readonly ledger: Ledger;
  /** Settles what is pending, then publishes these fragments; what a run does, without a source. */
  load(run: string, fragments: readonly Fragment[], life?: Life): Promise<Receipt>;
  /** Settles what is pending, and nothing else. */
  recover(options?: { readonly force?: boolean; readonly life?: Life }): Promise<readonly Recovery[]>;
  fragments(rows: number): Promise<readonly Fragment[]>;
}

/** `folder`: the target is a folder instead of one file; `openLedger`: another ledger than a file beside it. */
export async function lawBed(
  options: { readonly folder?: boolean; readonly openLedger?: () => Promise<Ledger> } = {},
): Promise<LawBed> {
  const bed = await sinkBed(QUICK);
  const drafts: AsyncDisposable[] = [];
  const folder = options.folder ?? false;
  const plan = planFor(bed.at('data', folder ? 'out' : 'out.parquet'), { folder, maxRowsPerFile: folder ? 4 : null });
  const openLedger = options.openLedger ?? (() => openSqliteLedger(bed.at('state', 'ledger.sqlite')));
  const ledger = await openLedger();
  const immortal = () => new Life(Number.POSITIVE_INFINITY, 'before');

  const underLock = async <T>(
    run: string,
    life: Life,
    work: (
      sink: Parameters<typeof publishStaged>[0]['sink'],
      lock: Parameters<typeof publishStaged>[0]['lock'],
    ) => Promise<T>,
  ): Promise<T> => {
    await using real = await openParquetSink(plan, { ...through, store: localStore });
    await using lock = await real.lock(run, through);
    await using _lease = await ledger.hold(real.target, run, through);
    return await work(mortal(real, life), mortal(lock, life));
  };

  return {
    ...bed,
    plan,
    ledger,
    fragments: (rows) => encoded(plan, rows),
    recover: ({ force = false, life = immortal() } = {}) =>
      underLock('recovery', life, (sink, lock) =>
        settlePending({ sink, ledger: mortal(ledger, life), lock, force, signal: through.signal }),
      ),
    load: (run, fragments, life = immortal()) =>
      underLock(run, life, async (sink, lock) => {
        const mine = mortal(ledger, life);
        await settlePending({ sink, ledger: mine, lock, force: false, signal: through.signal });
        await sink.check(through);
        const draft = await sink.draft(run, through);
        drafts.push(draft);
        for (const fragment of fragments) await draft.write(fragment, through);
        const staged = await life.step('stage', () => draft.stage(through));
        const { rows } = staged;
        const counts = { read: rows, published: rows, rejected: 0, deduplicated: 0, excluded: 0 };
        const receipt = receiptOf(run, 'set', { rows: counts });
        return publishStaged({ sink, kind: 'parquet', ledger: mine, lock, staged, receipt, signal: through.signal });
      }),
    async [Symbol.asyncDispose]() {
      for (const draft of drafts) await draft[Symbol.asyncDispose]();
      await ledger[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    },
  };
}

const known = new Map<number, Promise<readonly Fragment[]>>();

function encoded(plan: Plan, rows: number): Promise<readonly Fragment[]> {
  const fragments = known.get(rows) ?? fragmentsFor(plan, groupsOf(rows));
  known.set(rows, fragments);
  return fragments;
}

function groupsOf(rows: number): readonly { readonly rows: number }[] {
  const groups = [];
  for (let left = rows; left > 0; left -= 4) groups.push({ rows: Math.min(4, left) });
  return groups;
}
