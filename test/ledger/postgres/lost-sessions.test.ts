import { expect, it, vi } from 'vitest';
import type { Ledger } from '../../../src/flow/ledger.ts';
import { openPostgresLedger } from '../../../src/ledger/postgres/postgres-ledger.ts';
import type { Patience } from '../../../src/ledger/postgres/session.ts';
import { openLedger } from '../../../src/registry.ts';
import { newOwner } from '../../../src/store/lock-owner.ts';
import { runRecord } from '../../conformance/ledger/describe-ledger.ts';
import { CutProxy } from '../../services/cut-proxy.ts';
import { describeWithOwnPostgres, describeWithPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { known, wholeRun } from './undisturbed.ts';

/** A whole run for each place of a cut. */
vi.setConfig({ testTimeout: 180_000 });

/** Where a proxy stands before the server. */
function through(proxy: CutProxy, { url }: PostgresDatabase): string {
  return url.replace(/@[^/]*/, `@${proxy.host}:${proxy.port}`);
}

function openWith(url: string, patience: Patience, stop?: AbortSignal): Promise<Ledger> {
  const processes = { newOwner, isGone: () => false };
  return openPostgresLedger(url, { env: {}, processes, patience, ...(stop && { stop }) });
}

describeWithPostgres('a PostgreSQL ledger whose session is cut', (postgres) => {
  it('at any byte that the server sends, COMMIT answers among them: all is there once, and nothing twice', async () => {
    await using database = await makePostgresDatabase(postgres());
    await (await openLedger(database.url))[Symbol.asyncDispose]();
    await using direct = await openLedger(database.url);
    let bytes: number;
    {
      await using proxy = await CutProxy.open(postgres());
      await using ledger = await openLedger(through(proxy, database));
      await wholeRun(ledger, 'whole');
      bytes = proxy.fromServer;
    }
    const whole = JSON.stringify(await known(direct, 'whole'));
    const rows = async (): Promise<unknown> =>
      database.query(`SELECT (SELECT count(*) FROM atlas_ingest.intention), (SELECT count(*) FROM atlas_ingest.receipt),
        (SELECT count(*) FROM atlas_ingest.content), (SELECT count(*) FROM atlas_ingest.lease WHERE claim IS NOT NULL)`);
    let runs = 1;
    // a prime, so that every kind of message is cut at its start, its end and within
    for (let cutAfter = 1; cutAfter < bytes; cutAfter += 43) {
      const run = `r${cutAfter}`;
      await using proxy = await CutProxy.open(postgres(), (index) =>
        index === 0 ? { cutAfter, how: cutAfter % 2 ? 'reset' : 'end' } : {},
      );
      {
        await using ledger = await openLedger(through(proxy, database));
        await wholeRun(ledger, run);
      }
      runs += 1;
      expect(proxy.connections.length, `cut after ${cutAfter} bytes`).toBeGreaterThan(1);
      expect(JSON.stringify(await known(direct, run)).replaceAll(run, 'whole'), `cut after ${cutAfter} bytes`).toBe(
        whole,
      );
      expect(await rows(), `cut after ${cutAfter} bytes`).toEqual([[`${runs}`, `${2 * runs}`, `${runs}`, '0']]);
    }
  });

  it('gives up after a while, says so, and is not as patient with the next step', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using proxy = await CutProxy.open(postgres());
    await using ledger = await openWith(through(proxy, database), { opening: 500, working: 500, stopping: 1 });
    proxy.plan = () => ({ refuse: true });
    proxy.cut();
    const error = {
      code: 'ATLAS_LEDGER_UNAVAILABLE',
      exit: 75,
      message: expect.stringContaining('could not begin a run in the ledger'),
    };
    await expect(ledger.beginRun(runRecord('r1'))).rejects.toMatchObject(error);
    const before = proxy.connections.length;
    await expect(ledger.beginRun(runRecord('r1'))).rejects.toMatchObject(error);
    expect(proxy.connections.length - before).toBeLessThanOrEqual(2);
    proxy.plan = () => ({});
    await ledger.beginRun(runRecord('r1'));
    expect(await ledger.run('r1')).toEqual(runRecord('r1'));
  });

  it('a server that answers nothing is not waited for once the run is to stop', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using proxy = await CutProxy.open(postgres());
    const stop = new AbortController();
    await using ledger = await openWith(
      through(proxy, database),
      { opening: 1000, working: 60_000, stopping: 100 },
      stop.signal,
    );
    proxy.plan = () => ({ stallAfter: 0 });
    proxy.cut();
    const asked = expect(ledger.beginRun(runRecord('r1'))).rejects.toMatchObject({ code: 'ATLAS_LEDGER_UNAVAILABLE' });
    stop.abort();
    await asked;
    const before = proxy.connections.length;
    await expect(ledger.endRun('r1', 'stopped', 130, 'x')).rejects.toMatchObject({ code: 'ATLAS_LEDGER_UNAVAILABLE' });
    expect(proxy.connections.length).toBe(before);
  });

  it('a session that the administrator ends, and statements that are refused for others, are tried again', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using ledger = await openLedger(database.url);
    await ledger.beginRun(runRecord('r1'));
    await database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'atlas-ingest' AND datname = current_database()",
    );
    await ledger.beginRun(runRecord('r2'));
    await database.query(`CREATE SEQUENCE public.tries;
      CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE n bigint := nextval('public.tries'); BEGIN
        IF n = 1 THEN RAISE EXCEPTION 'not now' USING ERRCODE = 'serialization_failure'; END IF;
        IF n = 2 THEN RAISE EXCEPTION 'not now' USING ERRCODE = 'deadlock_detected'; END IF;
        IF n = 3 THEN RAISE EXCEPTION 'not now' USING ERRCODE = 'lock_not_available'; END IF;
        IF n = 4 THEN RAISE EXCEPTION 'not now' USING ERRCODE = 'admin_shutdown'; END IF;
        IF n = 5 THEN RAISE EXCEPTION 'never' USING ERRCODE = 'insufficient_privilege'; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON atlas_ingest.run FOR EACH ROW EXECUTE FUNCTION public.refuse()`);
    await expect(ledger.beginRun(runRecord('r3'))).rejects.toMatchObject({ code: 'ATLAS_LEDGER_DENIED' });
    expect(await database.query('SELECT last_value FROM public.tries')).toEqual([['5']]);
    await ledger.beginRun(runRecord('r3'));
    expect((await ledger.runs({ ocs: null, limit: 9 })).map(({ id }) => id)).toEqual(['r3', 'r2', 'r1']);
  });

  it('several servers are tried in order, and one that only reads is passed over', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using dead = await CutProxy.open(postgres(), () => ({ refuse: true }));
    const { host, port } = postgres();
    const url = database.url.replace(/@[^/]*/, `@${dead.host}:${dead.port},${host}:${port}`);
    {
      await using ledger = await openLedger(url);
      await ledger.beginRun(runRecord('r1'));
      expect(dead.connections.length).toBe(1);
    }
    await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    await expect(openLedger(url)).rejects.toMatchObject({
      code: 'ATLAS_LEDGER_UNAVAILABLE',
      message: expect.stringMatching(/only reads/),
    });
  });
});

describeWithOwnPostgres('a PostgreSQL ledger whose server dies', {}, (postgres) => {
  it('goes on where it was once the server is there again', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using ledger = await openLedger(database.url);
    await ledger.beginRun(runRecord('r1'));
    await postgres().kill();
    const written = Promise.all(['r2', 'r3'].map((run) => ledger.beginRun(runRecord(run))));
    await postgres().start();
    await written;
    await wholeRun(ledger, 'r4');
    expect(await ledger.runs({ ocs: null, limit: 9 })).toHaveLength(4);
  });
});
