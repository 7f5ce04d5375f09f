import { expect, it, vi } from 'vitest';
import { ClickhouseFaultProxy } from '../services/clickhouse/clickhouse-fault-proxy.ts';
import { describeWithClickhouse } from '../services/clickhouse/describe-with-clickhouse.ts';
import { makeClickhouseDatabase } from '../services/clickhouse/make-clickhouse-database.ts';
import { WAYS } from './clickhouse-moments.ts';
import { ClickhouseSite, type SiteTable } from './clickhouse-site.ts';
import { failFrom, loseAnswers } from './clickhouse-trials.ts';
import { Dice } from './crash-moments.ts';

/** A few of each; `npm run torture -- clickhouse` makes hundreds. */
vi.setConfig({ testTimeout: 240_000 });
const SEED = Date.now() % 1_000_000;

describeWithClickhouse('between a run and a ClickHouse', (clickhouse) => {
  it.each([0, 100])('answers are lost, the table remembering %i blocks: no row twice, none missing', async (window) => {
    const dice = new Dice(SEED);
    await using database = await makeClickhouseDatabase(clickhouse());
    await using proxy = await ClickhouseFaultProxy.open(clickhouse());
    for (const writer of ['shared', 'exclusive'] as const) {
      const table: SiteTable = { mode: 'append', writer, window, partitions: 2, blockRows: 300 };
      using site = new ClickhouseSite({ ...clickhouse(), database: database.name }, table);
      site.url = proxy.url;
      await site.reset(100);
      site.next(2000);
      const { problems } = await loseAnswers(site, proxy, dice, 0.1);
      expect(problems, `seed ${SEED}, ${writer}`).toEqual([]);
    }
  });

  it.each(Object.entries(WAYS))('blocks fail, %s: no reader sees a row of it', async (name, table) => {
    const dice = new Dice(SEED);
    await using database = await makeClickhouseDatabase(clickhouse());
    await using proxy = await ClickhouseFaultProxy.open(clickhouse());
    using site = new ClickhouseSite({ ...clickhouse(), database: database.name }, table);
    site.url = proxy.url;
    await site.reset(400);
    for (const block of [dice.roll(10)]) {
      site.next(3000);
      const { problems } = await failFrom(site, proxy, block, dice);
      expect(problems, `${name}, seed ${SEED}`).toEqual([]);
    }
  });
});
