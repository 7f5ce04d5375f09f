import { afterEach, expect, it, vi } from 'vitest';
import type { Ledger } from '../../../src/flow/ledger.ts';
import { openPostgresLedger } from '../../../src/ledger/postgres/postgres-ledger.ts';
import { openLedger } from '../../../src/registry.ts';
import { newOwner } from '../../../src/store/lock-owner.ts';
import { intentionOf, receiptOf } from '../../conformance/ledger/describe-ledger.ts';
import { describeWithPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';

const through = { signal: new AbortController().signal };
const target = '/out/daily.parquet';

/** A ledger as another host opens it: its processes are none of ours. */
function elsewhere(url: string): Promise<Ledger> {
  return openPostgresLedger(url, { env: {}, processes: { newOwner, isGone: () => false } });
}

/** As if a lease's owner had given no sign of life for its whole time. */
async function expire(database: PostgresDatabase): Promise<void> {
  await database.query("UPDATE atlas_ingest.lease SET expires_at = clock_timestamp() - interval '1 second'");
}

afterEach(() => {
  vi.useRealTimers();
});

describeWithPostgres('a lease of the PostgreSQL ledger', (postgres) => {
  it('is of one run at a time, says whose, and is given back', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using a = await elsewhere(database.url);
    await using b = await elsewhere(database.url);
    {
      await using lease = await a.hold(target, 'r1', through);
      await expect(b.hold(target, 'r2', through)).rejects.toMatchObject({
        code: 'ATLAS_TARGET_LOCKED',
        exit: 4,
        message: expect.stringMatching(
          /^\/out\/daily\.parquet is held by run r1 \(process \d+ on .*, lease 1\) in the ledger postgresql:\/\/.*ends in \d+ s$/,
        ),
      });
      await expect(a.hold(target, 'r3', through)).rejects.toMatchObject({ code: 'ATLAS_TARGET_LOCKED' });
      await using beside = await b.hold('/out/other.parquet', 'r2', through);
      await lease.confirm(through);
      await beside.confirm(through);
    }
    await using lease = await b.hold(target, 'r2', through);
    await lease.confirm(through);
    expect(await database.query(`SELECT run, fence FROM atlas_ingest.lease ORDER BY target`)).toEqual([
      ['r2', '2'],
      ['r2', '1'],
    ]);
  });

  it('of one among many who ask at once', async () => {
    await using database = await makePostgresDatabase(postgres());
    const ledgers = await Promise.all(Array.from({ length: 6 }, () => elsewhere(database.url)));
    for (let round = 1; round <= 5; round++) {
      const asked = await Promise.allSettled(ledgers.map((ledger, at) => ledger.hold(target, `r${at}`, through)));
      const given = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(given).toHaveLength(1);
      expect(await database.query('SELECT fence FROM atlas_ingest.lease')).toEqual([[`${round}`]]);
      if (round % 2 === 0) await expire(database);
      else await given[0]?.[Symbol.asyncDispose]();
    }
    await Promise.all(ledgers.map((ledger) => ledger[Symbol.asyncDispose]()));
  });

  it('whoever lost it can neither intend, settle nor close, and takes nothing from its next owner', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using slow = await elsewhere(database.url);
    await using quick = await elsewhere(database.url);
    const old = await slow.hold(target, 'slow', through);
    await slow.intend(intentionOf('slow'));
    await slow.intend(intentionOf('slow', { id: 'slow/more' }));
    await expire(database);
    await using lease = await quick.hold(target, 'quick', through);
    const lost = {
      code: 'ATLAS_LOCK_LOST',
      message: expect.stringMatching(
        /was held by run slow \(lease 1\), and is now held by run quick \(process .*, lease 2\)/,
      ),
    };
    await expect(old.confirm(through)).rejects.toMatchObject(lost);
    await expect(slow.intend(intentionOf('slow', { id: 'slow/again' }))).rejects.toMatchObject(lost);
    await expect(slow.settle('slow/daily', receiptOf('slow', 'daily'))).rejects.toMatchObject(lost);
    await expect(slow.close('slow/daily', 'abandoned', 'x')).rejects.toMatchObject(lost);
    expect((await quick.pending(target)).map(({ id }) => id)).toEqual(['slow/daily', 'slow/more']);
    await quick.close('slow/more', 'abandoned', 'gone');
    await quick.settle('slow/daily', receiptOf('slow', 'daily', { notes: ['settled by another'] }));
    // it is settled: that is all there is to know
    await slow.settle('slow/daily', receiptOf('slow', 'daily'));
    await old[Symbol.asyncDispose]();
    await lease.confirm(through);
    await quick.intend(intentionOf('quick'));
    await quick.settle('quick/daily', receiptOf('quick', 'daily'));
    expect(await slow.receipts('slow')).toEqual([receiptOf('slow', 'daily', { notes: ['settled by another'] })]);
    expect((await slow.lastAt(target))?.run).toBe('quick');
  });

  it('who never asked for it writes nothing about the target while somebody has it', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using a = await elsewhere(database.url);
    await using b = await elsewhere(database.url);
    await a.intend(intentionOf('r1'));
    await using _lease = await b.hold(target, 'r2', through);
    await expect(a.settle('r1/daily', receiptOf('r1', 'daily'))).rejects.toMatchObject({ code: 'ATLAS_LOCK_LOST' });
    await expect(a.intend(intentionOf('r3'))).rejects.toMatchObject({ code: 'ATLAS_LOCK_LOST' });
    expect((await b.pending(target)).map(({ run }) => run)).toEqual(['r1']);
  });

  it('that ran out and that nobody took is still its owner’s', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using ledger = await elsewhere(database.url);
    await using lease = await ledger.hold(target, 'r1', through);
    await expire(database);
    await ledger.intend(intentionOf('r1'));
    await expire(database);
    await lease.confirm(through);
    const [[seconds]] = (await database.query(
      'SELECT extract(epoch FROM expires_at - clock_timestamp()) > 50 FROM atlas_ingest.lease',
    )) as [[string]];
    expect(seconds).toBe('t');
  });

  it('runs out where its owner gives no sign of life', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using next = await elsewhere(database.url);
    {
      // closed, and not given back
      await using ledger = await elsewhere(`${database.url}?lease=1`);
      await ledger.hold(target, 'r1', through);
    }
    const taken = async () => next.hold(target, 'r2', through);
    await using lease = await vi.waitFor(taken, { timeout: 30_000 });
    await lease.confirm(through);
  });

  it('beats by itself, and goes by the clock of the server alone', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using a = await elsewhere(`${database.url}?lease=6`);
    await using b = await elsewhere(`${database.url}?lease=6`);
    for (const skew of [-86_400_000_000, 86_400_000_000]) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + skew });
      await using lease = await a.hold(target, 'r1', through);
      const beats = async (): Promise<unknown> => database.query('SELECT beat_at FROM atlas_ingest.lease');
      const first = JSON.stringify(await beats());
      await vi.waitFor(async () => expect(JSON.stringify(await beats())).not.toBe(first), { timeout: 20_000 });
      vi.setSystemTime(Date.now() - 3 * skew);
      await expect(b.hold(target, 'r2', through)).rejects.toMatchObject({ code: 'ATLAS_TARGET_LOCKED' });
      await lease.confirm(through);
      vi.useRealTimers();
    }
  });

  it('of a process of this machine that is gone is taken at once', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using far = await elsewhere(database.url);
    await using near = await openLedger(database.url);
    await far.hold(target, 'r1', through);
    await expect(near.hold(target, 'r2', through)).rejects.toMatchObject({ code: 'ATLAS_TARGET_LOCKED' });
    // a process number that no process of this machine can have
    await database.query(`UPDATE atlas_ingest.lease SET owner = jsonb_set(owner::jsonb, '{pid}', '1073741824')::text`);
    await expect(far.hold(target, 'r2', through)).rejects.toMatchObject({ code: 'ATLAS_TARGET_LOCKED' });
    await using lease = await near.hold(target, 'r2', through);
    await lease.confirm(through);
    expect(await database.query('SELECT run, fence FROM atlas_ingest.lease')).toEqual([['r2', '2']]);
  });
});
