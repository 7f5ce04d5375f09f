import { setTimeout as sleep } from 'node:timers/promises';
import type { Abortable } from '../../../flow/source.ts';
import { mayPass } from './connect.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** Tries up to `attempts` times, waiting longer each time, while what fails may pass. Fails with the last failure. */
export async function tryAgain<T>(attempts: number, action: () => Promise<T>, { signal }: Abortable): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (attempt >= attempts || !mayPass(error) || signal.aborted) throw error;
    }
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + Math.random());
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
