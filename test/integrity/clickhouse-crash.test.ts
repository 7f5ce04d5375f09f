import { describe, expect, it, vi } from 'vitest';
import { ClickhouseFaultProxy } from '../services/clickhouse/clickhouse-fault-proxy.ts';
import { describeWithOwnClickhouse } from '../services/clickhouse/describe-with-clickhouse.ts';
import { engineMoments, MOVES_SEVERAL, WAYS } from './clickhouse-moments.ts';
import { ClickhouseSite } from './clickhouse-site.ts';
import { killEngine } from './clickhouse-trials.ts';
import { Dice } from './crash-moments.ts';
import { straceMissing } from './strace.ts';

/** The short matrix of engines that die; `npm run torture -- clickhouse` is the long one. */
vi.setConfig({ testTimeout: 240_000 });
const SEED = Date.now() % 1_000_000;
const MISSING = straceMissing();

describe.skipIf(MISSING !== null)(`the engine of a ClickHouse dies${MISSING === null ? '' : ` (${MISSING})`}`, () => {
  describeWithOwnClickhouse('and is started again', {}, (clickhouse) => {
    it.each(Object.entries({ ...WAYS, 'append, others may write, several partitions': MOVES_SEVERAL }))(
      '%s: every row once, or the old table',
      async (name, table) => {
        const dice = new Dice(SEED);
        await using proxy = await ClickhouseFaultProxy.open(clickhouse());
        using site = new ClickhouseSite(clickhouse(), table);
        site.url = proxy.url;
        for (const moment of engineMoments(2, 40, dice).slice(dice.roll(2)).slice(0, 1)) {
          await site.reset(400);
          site.next(1000);
          const { problems } = await killEngine(site, proxy, clickhouse(), moment);
          expect(problems, `${name}, seed ${SEED}: ${JSON.stringify(moment)}`).toEqual([]);
        }
      },
    );
  });
});
