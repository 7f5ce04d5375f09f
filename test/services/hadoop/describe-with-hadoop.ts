import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe } from 'vitest';
import { attachHadoop, type Hadoop, startHadoop } from './start-hadoop.ts';

/** Most milliseconds that a cold start may take: the jars are fetched then. */
const START_MS = 600_000;

/**
 * Tests against a real NameNode and DataNode; skipped, with the reason in their name, where Java or Maven is missing.
 * One that runs already can be named by `ATLAS_HADOOP` (JSON of what `startHadoop` answers).
 */
export function describeWithHadoop(name: string, body: (hadoop: () => Hadoop) => void): void {
  const missing = ['java', 'mvn'].filter((program) => spawnSync(program, ['-version']).error !== undefined);
  if (missing.length > 0) {
    describe.skip(`${name} (needs ${missing.join(' and ')} on the PATH)`, () => body(() => notStarted()));
    return;
  }
  describe(name, () => {
    let hadoop: Hadoop | null = null;
    beforeAll(async () => {
      const running = process.env['ATLAS_HADOOP'];
      hadoop = running === undefined ? await startHadoop() : await attachHadoop(running);
    }, START_MS);
    afterAll(async () => {
      await hadoop?.[Symbol.asyncDispose]();
    });
    body(() => hadoop ?? notStarted());
  });
}

function notStarted(): never {
  throw new Error('Hadoop is not started: ask for it inside a test');
}
