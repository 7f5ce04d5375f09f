import { setTimeout as sleep } from 'node:timers/promises';
import { AtlasError } from '../../../errors.ts';
import { withhold } from '../call/redact.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import type { Credentials, Presented } from './credentials.ts';
import { TokenBoard } from './token-board.ts';

const LOOK_EVERY_MS = 20;

/** The token that another thread got, keeps alive and replaces; see `TokenBoard`. */
export function boardCredentials({ name, limits }: WebHdfsPlan, memory: SharedArrayBuffer): Credentials {
  const board = new TokenBoard(memory);
  /** Waits until there is one that is not this. */
  const other = async (than: string | null, signal: AbortSignal): Promise<string | null> => {
    const until = performance.now() + limits.call;
    for (;;) {
      const token = board.read();
      if (token !== null && token !== than) return token;
      if (performance.now() > until) return null;
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  };
  return {
    present: async (_, { signal }): Promise<Presented> => {
      const token = board.read() ?? (await other(null, signal));
      if (token === null) {
        throw new AtlasError('ATLAS_HDFS_AUTH', `connection ${name}: nobody signed in to it in ${limits.call} ms`);
      }
      withhold(token);
      return { query: { delegation: token }, headers: {} };
    },
    replace: async ({ query }, { call, reason }, { signal }) => {
      if ((await other(query['delegation'] ?? null, signal)) !== null) return;
      throw new AtlasError(
        'ATLAS_HDFS_AUTH',
        `${call.op} ${call.path}: the delegation token of connection ${name} is not accepted, and no other came in ${limits.call} ms: ${reason}`,
        { place: { file: call.path } },
      );
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
