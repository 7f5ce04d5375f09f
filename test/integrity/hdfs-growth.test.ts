import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStores, type Stores } from '../../src/registry.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs, hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { type SinkBed, sinkBed, through } from '../sink/sink-bed.ts';
import { type GrowthEnds, GrowthSite, growthEnds, LOCAL, tryGrowth } from './crash-growth.ts';
import { Dice } from './crash-moments.ts';
import type { Content } from './folder-content.ts';
import { GROWTHS, type Ground, GrowthBed, immortal } from './growth-bed.ts';
import { judgeSeen } from './judge-seen.ts';
import { Killed, Life } from './mortal.ts';

/** Deaths of each kind of growth; the local test tries them all. */
const DEATHS = 3;
const SEED = Date.now() % 1_000_000;

describeWithHadoop('folders that grow on HDFS', (hadoop) => {
  let stores: Stores;
  let ground: Ground;
  let ledgers: SinkBed;
  let round = 0;

  beforeAll(async () => {
    ledgers = await sinkBed();
    stores = openStores({ lake: hdfsConnection(hadoop()) });
    const folder = `hdfs://lake/growth/${randomBytes(6).toString('hex')}`;
    ground = { store: await stores.of(folder), folder, ledgers: ledgers.root };
  });
  afterAll(async () => {
    await ground.store.remove(ground.folder, through);
    await stores[Symbol.asyncDispose]();
    await ledgers[Symbol.asyncDispose]();
  });

  it.each(GROWTHS.map((growth) => [growth.name, growth] as const))(
    `%s: whole or not at all, whenever the run dies (seed ${SEED})`,
    async (_name, growth) => {
      const begin = () => GrowthBed.begin(growth, ground, `r${round++}`);
      const life = immortal();
      let [old, wanted]: readonly Content[] = [{}, {}];
      {
        await using bed = await begin();
        old = await bed.seen();
        await bed.add(life);
        wanted = await bed.seen();
      }
      const intended = life.steps.indexOf('intend');
      const steps = [...life.steps.keys()].slice(0, life.steps.lastIndexOf('settle') + 1);
      // most of what can go wrong does so after the intention
      const dice = new Dice(SEED);
      const late = dice.shuffle(steps.slice(intended)).slice(0, DEATHS - 1);
      const ends = new Set<boolean>();
      for (const step of [...late, ...dice.shuffle(steps.slice(0, intended)).slice(0, 1)]) {
        const when = dice.pick(['before', 'after'] as const);
        const about = `seed ${SEED}: ${life.steps[step]} #${step}, ${when}`;
        await using bed = await begin();
        await expect(bed.add(new Life(step, when)), about).rejects.toThrow(Killed);
        judgeSeen(growth, await bed.seen(), old, wanted, about);
        await bed.recover(new Life(dice.roll(29), when)).catch((error: unknown) => {
          expect(error, about).toBeInstanceOf(Killed);
        });
        judgeSeen(growth, await bed.seen(), old, wanted, about);
        await bed.recover();
        const isNew = (await bed.ledger.receipts('more')).length === 1;
        expect(await bed.seen(), about).toEqual(isNew ? wanted : old);
        expect(await bed.ledger.pending(bed.target), about).toEqual([]);
        expect(await bed.drafts(), about).toEqual([]);
        const content = await bed.content();
        expect(await bed.recover(), about).toEqual([]);
        expect(await bed.content(), about).toEqual(content);
        ends.add(isNew);
      }
      expect(ends.has(true)).toBe(true);
    },
    300_000,
  );

  it.each([['append'], ['replace_partitions'], ['versioned']] as const)(
    `the real command, %s, killed at a random time and again while it recovers (seed ${SEED})`,
    async (kind) => {
      const dice = new Dice(SEED);
      let ends: GrowthEnds;
      {
        // the same bytes, wherever they rest
        await using local = await GrowthSite.build(kind, LOCAL);
        ends = await growthEnds(local);
      }
      const folder = `${ground.folder}/${kind}`;
      const connections = { lake: declaredHdfs(hadoop()) };
      await using site = await GrowthSite.build(kind, { store: ground.store, folder, connections });
      const blow = () => ({ killAfter: 200 + dice.roll(Math.ceil(ends.milliseconds * 2)) });
      const { problems, about } = await tryGrowth(site, ends, [blow(), blow()]);
      expect(problems, `seed ${SEED}: ${about}`).toEqual([]);
    },
    300_000,
  );
});
