import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callsOfSite, Dice } from './crash-moments.ts';
import { blowsAt, type ReplayEnds, ReplaySite, replayEnds, tryReplay } from './crash-replay.ts';
import type { Blow } from './crash-site.ts';
import { straceMissing } from './strace.ts';

/** A replay by the real command, killed and starved; `npm run torture` has the long version. */
const MISSING = straceMissing();
const SEED = Date.now() % 1_000_000;

describe.each([
  ['one file that goes on', false],
  ['a folder that files are added to', true],
])('the real command, replaying into %s', (name, folder) => {
  let site: ReplaySite;
  let ends: ReplayEnds;
  const dice = new Dice(SEED);
  beforeAll(async () => {
    console.log(`replay crashes, ${name}: seed ${SEED}`);
    site = await ReplaySite.build(folder);
    ends = await replayEnds(site);
    expect(ends.published).toBeGreaterThan(100);
  }, 120_000);
  afterAll(() => site[Symbol.asyncDispose]());

  const play = async (moments: readonly (readonly Exclude<Blow, null>[])[]) => {
    for (const blows of moments) {
      const { problems, about } = await tryReplay(site, ends, blows);
      expect(problems, about).toEqual([]);
    }
  };

  it('killed at random times, and again while it recovers', async () => {
    const blow = () => ({ killAfter: dice.roll(Math.ceil(ends.milliseconds * 1.1)) });
    await play([[blow()], [blow(), blow()]]);
  }, 120_000);

  it.skipIf(MISSING !== null)(
    `killed at the calls that publish, and others by lot${MISSING === null ? '' : ` (${MISSING})`}`,
    async () => {
      const kills = blowsAt(callsOfSite(await site.trace(), site), 'kill', dice);
      const at = (syscall: string) => kills.filter((blow) => 'injection' in blow && blow.injection.syscall === syscall);
      const renames = at('rename').slice(0, folder ? 3 : 1);
      const chosen = [...renames, ...at('fsync').slice(0, 2), ...kills.slice(0, 2)];
      await play(chosen.map((blow, index) => (index % 2 === 0 ? [blow] : [blow, dice.pick(kills)])));
    },
    240_000,
  );

  it.skipIf(MISSING !== null)(
    `on a full or broken disk${MISSING === null ? '' : ` (${MISSING})`}`,
    async () => {
      const calls = callsOfSite(await site.trace(), site);
      const blows = [...blowsAt(calls, 'EIO', dice).slice(0, 2), ...blowsAt(calls, 'ENOSPC', dice).slice(0, 2)];
      await play(blows.map((blow) => [blow]));
    },
    240_000,
  );
});
