import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GrowthEnds, type GrowthKind, GrowthSite, growthEnds, LOCAL, tryGrowth } from './crash-growth.ts';
import { callsOfSite, Dice } from './crash-moments.ts';
import { blowsAt } from './crash-replay.ts';
import type { Blow } from './crash-site.ts';
import { straceMissing } from './strace.ts';

/** Folders that grow, by the real command, killed and starved; `npm run torture` has the long version. */
const MISSING = straceMissing();
const SEED = Date.now() % 1_000_000;

describe.each([['append'], ['replace_partitions'], ['versioned']] as const)(
  'the real command, %s',
  (kind: GrowthKind) => {
    let site: GrowthSite;
    let ends: GrowthEnds;
    const dice = new Dice(SEED);
    beforeAll(async () => {
      console.log(`growth crashes, ${kind}: seed ${SEED}`);
      site = await GrowthSite.build(kind, LOCAL);
      ends = await growthEnds(site);
    }, 120_000);
    afterAll(() => site[Symbol.asyncDispose]());

    const play = async (moments: readonly (readonly Exclude<Blow, null>[])[]) => {
      for (const blows of moments) {
        await site.reset();
        const { problems, about } = await tryGrowth(site, ends, blows);
        expect(problems, about).toEqual([]);
      }
    };

    it('killed at a random time, and again while it recovers', async () => {
      const blow = () => ({ killAfter: dice.roll(Math.ceil(ends.milliseconds * 1.1)) });
      await play([[blow(), blow()]]);
    }, 120_000);

    it.skipIf(MISSING !== null)(
      `killed at the calls that publish${MISSING === null ? '' : ` (${MISSING})`}`,
      async () => {
        const kills = blowsAt(callsOfSite(await site.trace(), site), 'kill', dice);
        const at = (...syscalls: readonly string[]) =>
          kills.filter((blow) => 'injection' in blow && syscalls.includes(blow.injection.syscall));
        const chosen = [...at('rename').slice(0, 2), ...at('unlink', 'unlinkat').slice(0, 1), ...kills.slice(0, 1)];
        await play(chosen.map((blow, index) => (index % 2 === 0 ? [blow] : [blow, dice.pick(kills)])));
      },
      240_000,
    );

    it.skipIf(MISSING !== null)(
      `on a full or broken disk${MISSING === null ? '' : ` (${MISSING})`}`,
      async () => {
        const calls = callsOfSite(await site.trace(), site);
        const blows = [...blowsAt(calls, 'EIO', dice).slice(0, 1), ...blowsAt(calls, 'ENOSPC', dice).slice(0, 1)];
        await play(blows.map((blow) => [blow]));
      },
      240_000,
    );
  },
);
