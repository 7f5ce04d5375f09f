import { readdir, readFile, rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openLedger } from '../../src/registry.ts';
import { runRecord } from '../conformance/ledger/describe-ledger.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { type LawBed, lawBed } from './law-bed.ts';
import { Killed, Life } from './mortal.ts';

let schemas = 0;

/** A target with a ledger of its own in the database. */
const bedIn = (database: PostgresDatabase): Promise<LawBed> =>
  lawBed({ openLedger: () => openLedger(`${database.url}?schema=ledger${schemas++}`) });

const seen = (bed: LawBed): Promise<string | null> => readFile(bed.plan.destination.path, 'hex').catch(() => null);

describeWithPostgres('the law with a ledger on PostgreSQL', (postgres) => {
  it('whenever a run dies, recovering it twice leaves the old or the new, whole, and a ledger that says which', async () => {
    await using database = await makePostgresDatabase(postgres());
    let steps: readonly string[];
    let wanted: string | null;
    {
      await using bed = await bedIn(database);
      await bed.load('old', await bed.fragments(3));
      const life = new Life(Number.POSITIVE_INFINITY, 'before');
      expect(await bed.load('new', await bed.fragments(9), life)).toMatchObject({ outcome: 'published' });
      [steps, wanted] = [life.steps, await seen(bed)];
    }
    expect(steps).toEqual(expect.arrayContaining(['intend', 'commit', 'settle']));
    const outcomes = new Set<string>();
    for (const [step, name] of steps.entries()) {
      for (const when of ['before', 'after'] as const) {
        const about = `${when} ${name} (${step})`;
        await using bed = await bedIn(database);
        const { path } = bed.plan.destination;
        await bed.load('old', await bed.fragments(3));
        const old = await seen(bed);
        await expect(bed.load('new', await bed.fragments(9), new Life(step, when)), about).rejects.toThrow(Killed);
        await bed.recover();
        const now = await seen(bed);
        const receipts = await bed.ledger.receipts('new');
        expect([old, wanted], about).toContain(now);
        expect(
          receipts.map(({ outcome }) => outcome),
          about,
        ).toEqual(now === wanted ? ['published'] : []);
        expect(await bed.recover(), about).toEqual([]);
        expect([await seen(bed), await bed.ledger.receipts('new'), await bed.ledger.pending(path)], about).toEqual([
          now,
          receipts,
          [],
        ]);
        expect((await bed.ledger.lastAt(path))?.run, about).toBe(now === wanted ? 'new' : 'old');
        expect(
          (await readdir(bed.at('data'))).filter((each) => each.startsWith('.')),
          about,
        ).toEqual([]);
        outcomes.add(now === wanted ? 'new' : 'old');
      }
    }
    expect(outcomes).toEqual(new Set(['old', 'new']));
  });

  it('what another host intended on a disk of its own is not judged from here', async () => {
    await using database = await makePostgresDatabase(postgres());
    for (const host of ['elsewhere', null]) {
      await using bed = await bedIn(database);
      const { path } = bed.plan.destination;
      if (host !== null) await bed.ledger.beginRun(runRecord('new', { host }));
      const steps = async (): Promise<number> => {
        await using other = await bedIn(database);
        const life = new Life(Number.POSITIVE_INFINITY, 'before');
        await other.load('new', await other.fragments(9), life);
        return life.steps.indexOf('intend');
      };
      await expect(bed.load('new', await bed.fragments(9), new Life(await steps(), 'after'))).rejects.toThrow(Killed);
      const [intention] = await bed.ledger.pending(path);
      await rm(intention?.staged.draft as string, { recursive: true });
      if (host === null) {
        expect(await bed.recover()).toMatchObject([{ did: 'abandoned' }]);
        continue;
      }
      await expect(bed.recover()).rejects.toMatchObject({
        code: 'ATLAS_TARGET_CONFLICT',
        message: expect.stringMatching(/^run new was interrupted on elsewhere, and nothing of it is at /),
        hint: expect.stringMatching(/run the group there/),
      });
      expect(await bed.ledger.pending(path)).toHaveLength(1);
      expect(await bed.recover({ force: true })).toMatchObject([{ did: 'abandoned' }]);
      expect(await bed.ledger.pending(path)).toEqual([]);
    }
  });
});
