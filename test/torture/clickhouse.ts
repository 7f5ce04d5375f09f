import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EMBEDDED_WAYS, embeddedMoments, engineMoments, MOVES_SEVERAL, WAYS } from '../integrity/clickhouse-moments.ts';
import { ClickhouseSite, type SiteTable } from '../integrity/clickhouse-site.ts';
import { failFrom, killEmbeddedEngine, killEngine, loseAnswers, type Verdict } from '../integrity/clickhouse-trials.ts';
import { Dice } from '../integrity/crash-moments.ts';
import { ClickhouseFaultProxy } from '../services/clickhouse/clickhouse-fault-proxy.ts';
import { startClickhouse } from '../services/clickhouse/start-clickhouse.ts';

/**
 * Faults between a run and a ClickHouse, and engines that die. `--seed N` repeats a run; `--only` takes one kind (lose, fail, kill, embedded);
 * `--inserts` (300), `--blocks` (10), `--seeds` (10), `--moments` (40) say how many of each.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    only: { type: 'string' },
    inserts: { type: 'string', default: '300' },
    blocks: { type: 'string', default: '10' },
    seeds: { type: 'string', default: '10' },
    moments: { type: 'string', default: '40' },
  },
});
const seed = Number(values.seed);
let failed = 0;
console.log(`ClickHouse: seed ${seed}`);
await using service = await startClickhouse();
await using proxy = await ClickhouseFaultProxy.open(service);

function open(table: SiteTable): ClickhouseSite {
  const site = new ClickhouseSite(service, table);
  site.url = proxy.url;
  return site;
}

function judge(about: string, { problems }: Verdict): void {
  if (problems.length === 0) return;
  failed += 1;
  console.log(`FAILED ${about}\n  ${problems.join('\n  ')}`);
}

if ((values.only ?? 'lose') === 'lose') {
  for (const window of [0, 100]) {
    for (const writer of ['shared', 'exclusive'] as const) {
      const dice = new Dice(seed);
      using site = open({ mode: 'append', writer, window, partitions: 2, blockRows: 300 });
      await site.reset(100);
      const about = `answers lost, ${writer}, a window of ${window}`;
      let [inserts, runs] = [0, 0];
      for (let load = 0; inserts < Number(values.inserts) / 2; load += 1) {
        site.next(3000);
        proxy.restart();
        const verdict = await loseAnswers(site, proxy, dice, 0.1);
        inserts += proxy.seen.filter(({ kind }) => kind === 'insert').length;
        runs += verdict.runs;
        judge(`${about}, load ${load}`, verdict);
      }
      console.log(`${about}: ${inserts} inserts, ${runs} runs`);
    }
  }
}

if ((values.only ?? 'fail') === 'fail') {
  for (const [name, table] of Object.entries(WAYS)) {
    const dice = new Dice(seed);
    using site = open(table);
    for (let round = 0; round < Number(values.seeds); round += 1) {
      await site.reset(400);
      for (let block = 0; block < Number(values.blocks); block += 1) {
        site.next(300 * Number(values.blocks));
        judge(`${name}, round ${round}`, await failFrom(site, proxy, block, dice));
      }
    }
    console.log(`blocks failed, ${name}: ${values.blocks} blocks × ${values.seeds}`);
  }
}

if ((values.only ?? 'kill') === 'kill') {
  for (const [name, table] of Object.entries({
    ...WAYS,
    'append, others may write, several partitions': MOVES_SEVERAL,
  })) {
    const dice = new Dice(seed);
    using site = open(table);
    let fell = 0;
    const moments = engineMoments(Number(values.moments), 45, dice);
    for (const moment of moments) {
      await site.reset(400);
      site.next(1000);
      const verdict = await killEngine(site, proxy, service, moment);
      if (verdict.fell) fell += 1;
      judge(`${name}: ${JSON.stringify(moment)}`, verdict);
    }
    console.log(`engine killed, ${name}: ${moments.length} moments, it died in ${fell}`);
  }
}
if ((values.only ?? 'embedded') === 'embedded') {
  for (const [name, table] of Object.entries(EMBEDDED_WAYS)) {
    const dice = new Dice(seed);
    using site = open(table);
    site.url = `chdb:${join(service.home, 'data')}`;
    let fell = 0;
    const moments = embeddedMoments(Number(values.moments), 1200, dice);
    for (const moment of moments) {
      await site.reset(400);
      site.next(1000);
      const verdict = await killEmbeddedEngine(site, service, moment);
      if (verdict.fell) fell += 1;
      judge(`embedded, ${name}: ${JSON.stringify(moment)}`, verdict);
    }
    console.log(`embedded engine killed, ${name}: ${moments.length} moments, it died in ${fell}`);
  }
}

console.log(failed === 0 ? 'every promise was kept' : `${failed} trials broke a promise; --seed ${seed} repeats them`);
process.exitCode = failed === 0 ? 0 : 1;
