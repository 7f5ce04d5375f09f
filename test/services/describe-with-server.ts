import { afterAll, beforeAll } from 'vitest';
import { describeNeeding } from './describe-needing.ts';

/** Most milliseconds that a cold start may take: jars are fetched then. */
const START_MS = 600_000;

/** Tests against a server that is started before them and disposed after them. Ask for it inside a test. */
export function describeWithServer<Server extends AsyncDisposable>(
  name: string,
  programs: readonly string[],
  start: () => Promise<Server>,
  body: (server: () => Server) => void,
): void {
  describeNeeding(programs, name, () => {
    let server: Server | null = null;
    beforeAll(async () => {
      server = await start();
    }, START_MS);
    afterAll(async () => {
      await server?.[Symbol.asyncDispose]();
    }, START_MS);
    body(() => {
      if (server !== null) return server;
      throw new Error('the server is not started: ask for it inside a test');
    });
  });
}
