import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';

/** Most milliseconds until a server answers, on a busy machine. */
const READY_MS = 180_000;

/** Waits until `ready` says so. Fails with the end of what the servers printed, at once where one of them has ended. */
export async function untilReady(
  what: string,
  servers: Readonly<Record<string, ServerProcess>>,
  ready: () => Promise<boolean>,
): Promise<void> {
  const until = performance.now() + READY_MS;
  while (performance.now() < until && !Object.values(servers).some(({ ended }) => ended)) {
    if (await ready().catch(() => false)) return;
    await sleep(200);
  }
  const logs = Object.entries(servers).map(([name, { ended, said }]) => `${name}${ended ? ' (ended)' : ''}: ${said}`);
  throw new Error(`${what} did not start:\n${logs.join('\n')}`);
}
