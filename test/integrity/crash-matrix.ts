import { parseArgs } from 'node:util';
import { GrowthSite, growthEnds, LOCAL, tryGrowth } from './crash-growth.ts';
import { BOUNDS, callsOfSite, Dice, errorsAtCalls, killsAtCalls, killsInTime } from './crash-moments.ts';
import { blowsAt, ReplaySite, replayEnds, tryReplay } from './crash-replay.ts';
import { CrashSite } from './crash-site.ts';
import { expectations, type Moment, tryMoment } from './crash-trial.ts';
import { straceMissing } from './strace.ts';

/**
 * The whole crash matrix, of runs, of replays and of folders that grow. `--seed N` repeats one, `--most N` takes at most so many moments of each kind,
 * `--only` one kind (time, kill, error; replay-kill, replay-error; growth-kill, growth-error).
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    most: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    times: { type: 'string', default: '60' },
  },
});
const seed = Number(values.seed);
const most = Number(values.most);
const missing = straceMissing();
console.log(`crash matrix: seed ${seed}${missing === null ? '' : `; ${missing}: kills at random times only`}`);
let failed = 0;
for (const folder of [false, true]) {
  const dice = new Dice(seed);
  await using site = await CrashSite.build(folder);
  const expected = await expectations(site, BOUNDS);
  await site.reset();
  const { milliseconds } = await site.run({ input: 'new', groupRows: BOUNDS[0]!, workers: 1 });
  const kinds: Readonly<Record<string, () => Promise<readonly Moment[]> | readonly Moment[]>> = {
    time: () => killsInTime(Number(values.times), milliseconds, dice),
    kill: async () => (missing === null ? dice.shuffle(await killsAtCalls(site, dice)).slice(0, most) : []),
    error: async () => (missing === null ? dice.shuffle(await errorsAtCalls(site, dice)).slice(0, most) : []),
  };
  for (const [kind, make] of Object.entries(kinds)) {
    if (values.only !== undefined && values.only !== kind) continue;
    const moments = await make();
    let fell = 0;
    for (const [index, moment] of moments.entries()) {
      if (index % 50 === 49) console.log(`  ${index + 1} of ${moments.length}`);
      const verdict = await tryMoment(site, moment, expected);
      if (verdict.fell) fell += 1;
      if (verdict.problems.length === 0) continue;
      failed += 1;
      console.log(`FAILED ${verdict.moment}\n  ${verdict.problems.join('\n  ')}`);
    }
    console.log(
      `${folder ? 'a new folder' : 'one file'}, ${kind}: ${moments.length} moments, the blow fell in ${fell}`,
    );
  }
}
for (const folder of missing === null ? [false, true] : []) {
  const dice = new Dice(seed);
  await using site = await ReplaySite.build(folder);
  const ends = await replayEnds(site);
  const calls = callsOfSite(await site.trace(), site);
  const kills = blowsAt(calls, 'kill', dice);
  const errors = dice.shuffle([...blowsAt(calls, 'EIO', dice), ...blowsAt(calls, 'ENOSPC', dice)]);
  for (const [kind, blows] of Object.entries({ 'replay-kill': kills, 'replay-error': errors })) {
    if (values.only !== undefined && values.only !== kind) continue;
    let fell = 0;
    const chosen = blows.slice(0, most);
    for (const [index, blow] of chosen.entries()) {
      if (index % 50 === 49) console.log(`  ${index + 1} of ${chosen.length}`);
      // every third time the next one is killed too
      const verdict = await tryReplay(site, ends, dice.roll(3) === 0 ? [blow, dice.pick(kills)] : [blow]);
      if (verdict.fell) fell += 1;
      if (verdict.problems.length === 0) continue;
      failed += 1;
      console.log(`FAILED ${verdict.about}\n  ${verdict.problems.join('\n  ')}`);
    }
    console.log(
      `${folder ? 'into a folder' : 'into one file'}, ${kind}: ${chosen.length} moments, the blow fell in ${fell}`,
    );
  }
}
for (const growth of missing === null ? (['append', 'replace_partitions', 'versioned'] as const) : []) {
  const dice = new Dice(seed);
  await using site = await GrowthSite.build(growth, LOCAL);
  const ends = await growthEnds(site);
  const calls = callsOfSite(await site.trace(), site);
  const kills = blowsAt(calls, 'kill', dice);
  const errors = dice.shuffle([...blowsAt(calls, 'EIO', dice), ...blowsAt(calls, 'ENOSPC', dice)]);
  for (const [kind, blows] of Object.entries({ 'growth-kill': kills, 'growth-error': errors })) {
    if (values.only !== undefined && values.only !== kind) continue;
    let fell = 0;
    const chosen = blows.slice(0, most);
    for (const [index, blow] of chosen.entries()) {
      if (index % 50 === 49) console.log(`  ${index + 1} of ${chosen.length}`);
      await site.reset();
      const verdict = await tryGrowth(site, ends, dice.roll(3) === 0 ? [blow, dice.pick(kills)] : [blow]);
      if (verdict.fell) fell += 1;
      if (verdict.problems.length === 0) continue;
      failed += 1;
      console.log(`FAILED ${verdict.about}\n  ${verdict.problems.join('\n  ')}`);
    }
    console.log(`${growth}, ${kind}: ${chosen.length} moments, the blow fell in ${fell}`);
  }
}
console.log(failed === 0 ? 'every promise was kept' : `${failed} moments broke a promise; --seed ${seed} repeats them`);
process.exitCode = failed === 0 ? 0 : 1;
