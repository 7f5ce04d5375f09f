import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localStore } from '../../src/store/local-store.ts';
import { type SinkBed, sinkBed } from '../sink/sink-bed.ts';
import { type Content, contains } from './folder-content.ts';
import { GROWTHS, type Ground, GrowthBed, immortal } from './growth-bed.ts';
import { judgeSeen } from './judge-seen.ts';
import { Killed, Life } from './mortal.ts';

/** Hundreds of small runs: in memory where that is to be had, because nothing here asks what a power cut leaves. */
const QUICK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const MOMENTS = ['before', 'after'] as const;

describe.each(GROWTHS.map((growth) => [growth.name, growth] as const))('%s', (_name, growth) => {
  let root: SinkBed;
  let ground: Ground;
  let round = 0;
  beforeEach(async () => {
    root = await sinkBed(QUICK);
    ground = { store: localStore, folder: root.root, ledgers: root.root };
  });
  afterEach(() => root[Symbol.asyncDispose]());

  const begin = () => GrowthBed.begin(growth, ground, `r${round++}`);

  it('whole or not at all, whenever the run and its recovery die', { timeout: 300_000 }, async () => {
    const life = immortal();
    let [old, wanted, whole]: readonly Content[] = [{}, {}, {}];
    {
      await using bed = await begin();
      old = await bed.seen();
      await bed.add(life);
      wanted = await bed.seen();
      whole = await bed.content();
    }
    expect(contains(wanted, old)).toBe(
      (growth.destination.mode === 'append' && !growth.refresh) || growth.before !== 'published',
    );
    const ends = { old: 0, new: 0 };
    for (const [step, name] of life.steps.entries()) {
      const when = MOMENTS[step % 2]!;
      const about = `${name} #${step}, ${when}`;
      await using bed = await begin();
      const watch = async () => judgeSeen(growth, await bed.seen(), old, wanted, about);
      const ended = await bed.add(new Life(step, when)).catch((error: unknown) => error);
      // what is tidied up after the settlement may fail in silence
      if (step <= life.steps.lastIndexOf('settle')) expect(ended, about).toBeInstanceOf(Killed);
      await watch();
      await bed.recover(new Life((step * 7 + 3) % 29, when)).catch((error: unknown) => {
        expect(error, about).toBeInstanceOf(Killed);
      });
      await watch();
      await bed.recover();
      const now = await bed.seen();
      expect([old, wanted], about).toContainEqual(now);
      const isNew = (await bed.ledger.receipts('more')).length === 1;
      expect(now, about).toEqual(isNew ? wanted : old);
      // what says how far the target came goes with what it holds
      expect(await bed.watermark(), about).toBe(isNew ? '2' : growth.before === 'published' ? '1' : null);
      expect(await bed.ledger.pending(bed.target), about).toEqual([]);
      expect(await bed.drafts(), about).toEqual([]);
      if (isNew) expect(await bed.content(), about).toEqual(whole);
      const content = await bed.content();
      expect(await bed.recover(), about).toEqual([]);
      expect(await bed.content(), about).toEqual(content);
      // whatever became of it, the next run goes on
      if (!isNew) {
        await bed.add();
        expect(await bed.seen(), about).toEqual(wanted);
      }
      ends[isNew ? 'new' : 'old'] += 1;
    }
    expect(ends.old).toBeGreaterThan(5);
    expect(ends.new).toBeGreaterThan(3);
  });
});
