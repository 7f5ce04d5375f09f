import { describe, expect, it } from 'vitest';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { Dice } from './crash-moments.ts';
import { HdfsCrashSite, SHAPES } from './hdfs-crash-site.ts';
import { momentsOf, tryHdfsMoments, undisturbed } from './hdfs-crash-trial.ts';

/** `ATLAS_HDFS_MOMENTS` takes more of them, `ATLAS_SEED` repeats a choice. */
const MOST = Number(process.env['ATLAS_HDFS_MOMENTS'] ?? 4);
const SEED = Number(process.env['ATLAS_SEED'] ?? Date.now() % 1_000_000);

describeWithHadoop('a run to HDFS that is killed', (hadoop) => {
  describe.each(SHAPES)('$name', (shape) => {
    it(`shows the old or the new, and the next run recovers (seed ${SEED})`, { timeout: 1_800_000 }, async () => {
      const dice = new Dice(SEED);
      await using site = await HdfsCrashSite.build(shape, hadoop().url);
      const whole = await undisturbed(site, shape.fresh);
      const moments = dice.shuffle(momentsOf(whole.requests));
      let fell = 0;
      for (const moment of moments) {
        if (fell === MOST) break;
        // every third time the recovery is killed too
        const blows = dice.roll(3) === 0 ? [moment, dice.pick(moments)] : [moment];
        const verdict = await tryHdfsMoments(site, blows, whole, shape.fresh);
        if (verdict.fell) fell += 1;
        expect(verdict.problems, `killed at ${JSON.stringify(blows)}`).toEqual([]);
      }
      expect(fell).toBe(MOST);
    });
  });
});
