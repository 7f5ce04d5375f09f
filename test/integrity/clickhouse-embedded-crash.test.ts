import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { describeWithOwnClickhouse } from '../services/clickhouse/describe-with-clickhouse.ts';
import { EMBEDDED_WAYS, embeddedMoments } from './clickhouse-moments.ts';
import { ClickhouseSite } from './clickhouse-site.ts';
import { killEmbeddedEngine } from './clickhouse-trials.ts';
import { Dice } from './crash-moments.ts';
import { straceMissing } from './strace.ts';

/** The short matrix of embedded engines that die; `npm run torture -- clickhouse` is the long one. */
vi.setConfig({ testTimeout: 240_000 });
const SEED = Date.now() % 1_000_000;
const MISSING = straceMissing();

describe.skipIf(MISSING !== null)(`the embedded engine dies${MISSING === null ? '' : ` (${MISSING})`}`, () => {
  describeWithOwnClickhouse('and the command is run again', {}, (clickhouse) => {
    it.each(Object.entries(EMBEDDED_WAYS))('%s: every row once, or the old table', async (name, table) => {
      const dice = new Dice(SEED);
      using site = new ClickhouseSite(clickhouse(), table);
      site.url = `chdb:${join(clickhouse().home, 'data')}`;
      for (const moment of embeddedMoments(2, 1500, dice)) {
        await site.reset(400);
        site.next(1000);
        const { problems } = await killEmbeddedEngine(site, clickhouse(), moment);
        expect(problems, `${name}, seed ${SEED}: ${JSON.stringify(moment)}`).toEqual([]);
      }
    });
  });
});
