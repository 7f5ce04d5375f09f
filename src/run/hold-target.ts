import { setTimeout as sleep } from 'node:timers/promises';
import { AtlasError } from '../errors.ts';
import type { Sink, TargetLock } from '../flow/sink.ts';
import type { LockPolicy } from './run-options.ts';

const PAUSE_MS = 250;

/**
 * Takes the lock on a sink's target, waiting as the policy says.
 * Fails with ATLAS_TARGET_LOCKED (held, and no patience left) or ATLAS_TARGET_SKIPPED (held, and that is to be skipped).
 */
export async function holdTarget(
  sink: Sink,
  run: string,
  policy: LockPolicy,
  options: { readonly signal: AbortSignal },
): Promise<TargetLock> {
  const { signal } = options;
  const patience = policy.kind === 'wait' ? policy.milliseconds : 0;
  const start = performance.now();
  for (;;) {
    try {
      return await sink.lock(run, { signal });
    } catch (error) {
      if (!(error instanceof AtlasError) || error.code !== 'ATLAS_TARGET_LOCKED') throw error;
      if (policy.kind === 'skip') {
        throw new AtlasError('ATLAS_TARGET_SKIPPED', error.message, { cause: error, place: error.place });
      }
      const left = patience - (performance.now() - start);
      if (left <= 0) throw error;
      await sleep(Math.min(PAUSE_MS, left), undefined, { signal });
    }
  }
}
