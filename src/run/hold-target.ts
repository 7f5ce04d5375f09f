import { setTimeout as sleep } from 'node:timers/promises';
import { AtlasError } from '../errors.ts';
import type { Lease, Ledger } from '../flow/ledger.ts';
import type { Sink, TargetLock } from '../flow/sink.ts';
import type { Abortable } from '../flow/source.ts';
import type { LockPolicy } from './run-options.ts';

const PAUSE_MS = 250;

/** Who wants which target. */
export interface TargetClaim {
  readonly sink: Sink;
  /** null where nothing is remembered. */
  readonly ledger: Ledger | null;
  readonly run: string;
  readonly policy: LockPolicy;
}

/**
 * Takes the lock on a sink's target, then the lease on it in the ledger, which other hosts may share; waits as the policy says, for both
 * together. Disposing gives both back. Fails with ATLAS_TARGET_LOCKED (held, and no patience left), ATLAS_TARGET_SKIPPED (held, and that
 * is to be skipped) or ATLAS_LEDGER_*.
 */
export async function holdTarget(claim: TargetClaim, { signal }: Abortable): Promise<TargetLock> {
  const { sink, ledger, run, policy } = claim;
  const patience = policy.kind === 'wait' ? policy.milliseconds : 0;
  const end = performance.now() + patience;
  const lock = await waiting(() => sink.lock(run, { signal }), policy, end, signal);
  if (ledger === null) return lock;
  try {
    return new HeldTarget(lock, await waiting(() => ledger.hold(sink.target, run, { signal }), policy, end, signal));
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** Asks again until it is given, or the time is over. */
async function waiting<T>(ask: () => Promise<T>, policy: LockPolicy, end: number, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AtlasError) || error.code !== 'ATLAS_TARGET_LOCKED') throw error;
      if (policy.kind === 'skip') {
        throw new AtlasError('ATLAS_TARGET_SKIPPED', error.message, { cause: error, place: error.place });
      }
      const left = end - performance.now();
      if (left <= 0) throw error;
      await sleep(Math.min(PAUSE_MS, left), undefined, { signal });
    }
  }
}

/** Ours by the store's lock and by the ledger's lease. */
class HeldTarget implements TargetLock {
  readonly #lock: TargetLock;
  readonly #lease: Lease;

  constructor(lock: TargetLock, lease: Lease) {
    this.#lock = lock;
    this.#lease = lease;
  }

  async confirm(options: Abortable): Promise<void> {
    await this.#lock.confirm(options);
    await this.#lease.confirm(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lease[Symbol.asyncDispose]();
    await this.#lock[Symbol.asyncDispose]();
  }
}
