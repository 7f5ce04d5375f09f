import { expect, it } from 'vitest';
import type { AtlasError } from '../../../src/errors.ts';
import { findLedger, openLedger } from '../../../src/registry.ts';
import { intentionOf, receiptOf, runRecord } from '../../conformance/ledger/describe-ledger.ts';
import { freePort } from '../../services/free-port.ts';
import { describeWithPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { makeRole, withLedgerOwner } from './ledger-roles.ts';

/** What opening a ledger fails with, and proof that it tells no password. */
async function failure(url: string, open: typeof findLedger = openLedger): Promise<AtlasError> {
  const error = await open(url).then(
    () => null,
    (thrown: AtlasError) => thrown,
  );
  if (error === null) throw new Error('it opened');
  const password = new URL(url).password;
  const cause = error.cause as Error | undefined;
  const told = JSON.stringify([error.message, error.hint, error.stack, cause?.message, cause?.stack, error]);
  if (password !== '') expect(told).not.toContain(password);
  return error;
}

describeWithPostgres('the PostgreSQL ledger', (postgres) => {
  it('makes its schema with the rights of its owner, and nothing for who only reads', async () => {
    await withLedgerOwner(postgres(), async (database, { url, name }) => {
      expect(await findLedger(url)).toBeNull();
      expect(await database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'atlas_ingest'")).toEqual([]);
      await using ledger = await openLedger(url);
      await ledger.beginRun(runRecord('r1'));
      const owners = await database.query(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'atlas_ingest'",
      );
      expect(owners).toEqual([[name]]);
      await using reading = await findLedger(url);
      expect(await reading?.run('r1')).toEqual(runRecord('r1'));
    });
  });

  it('keeps to the schema it is given, whatever its name', async () => {
    await withLedgerOwner(postgres(), async (database, { url }) => {
      const name = `it's "a" $s; --`;
      for (const schema of [name, 'other']) {
        await using ledger = await openLedger(`${url}?schema=${encodeURIComponent(schema)}`);
        await ledger.beginRun(runRecord(`of ${schema}`));
      }
      await using ledger = await openLedger(`${url}?schema=${encodeURIComponent(name)}`);
      expect(await ledger.runs({ ocs: null, limit: 9 })).toEqual([runRecord(`of ${name}`)]);
      const found = await database.query(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information|public)' ORDER BY 1",
      );
      expect(found).toEqual([[name], ['other']]);
    });
  });

  it('several hosts may open it first, at once', async () => {
    await withLedgerOwner(postgres(), async (database, { url }) => {
      const ledgers = await Promise.all(Array.from({ length: 8 }, () => openLedger(url)));
      await Promise.all(ledgers.map((ledger, index) => ledger.beginRun(runRecord(`r${index}`))));
      expect(await ledgers[0]?.runs({ ocs: null, limit: 99 })).toHaveLength(8);
      expect(await database.query('SELECT count(*) FROM atlas_ingest.ledger_version')).toEqual([['1']]);
      await Promise.all(ledgers.map((ledger) => ledger[Symbol.asyncDispose]()));
    });
  });

  it('one of a newer version is refused, and left alone', async () => {
    await withLedgerOwner(postgres(), async (database, { url }) => {
      await (await openLedger(url))[Symbol.asyncDispose]();
      await database.query('UPDATE atlas_ingest.ledger_version SET version = 999');
      for (const open of [openLedger, findLedger]) {
        const { code, message } = await failure(url, open);
        expect([code, message]).toEqual([
          'ATLAS_LEDGER_VERSION',
          expect.stringMatching(/has version 999, this program knows \d/),
        ]);
      }
      expect(await database.query('SELECT version FROM atlas_ingest.ledger_version')).toEqual([['999']]);
    });
  });

  it('writes as durably as a server can, whatever its defaults are, and never less than they promise', async () => {
    await withLedgerOwner(postgres(), async (database, { url, name }) => {
      await using ledger = await openLedger(url);
      await database.query(`CREATE TABLE public.seen (synchronous text, isolation text);
        GRANT INSERT ON public.seen TO ${name};
        CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO public.seen VALUES (current_setting('synchronous_commit'), current_setting('transaction_isolation'));
          RETURN NULL; END $$;
        CREATE TRIGGER see AFTER INSERT OR UPDATE ON atlas_ingest.run FOR EACH STATEMENT EXECUTE FUNCTION public.see()`);
      const seenWith = async (setting: string): Promise<unknown> => {
        await database.query(`TRUNCATE public.seen; ALTER ROLE ${name} SET synchronous_commit = ${setting};
          ALTER ROLE ${name} SET default_transaction_isolation = 'serializable'; ALTER ROLE ${name} SET default_transaction_read_only = on`);
        await using other = await openLedger(url);
        await other.beginRun(runRecord(`with ${setting}`));
        return database.query('SELECT * FROM public.seen');
      };
      for (const setting of ['off', 'local', 'remote_write', 'on']) {
        expect(await seenWith(setting)).toEqual([['on', 'read committed']]);
      }
      expect(await seenWith('remote_apply')).toEqual([['remote_apply', 'read committed']]);
      expect(await ledger.runs({ ocs: null, limit: 9 })).toHaveLength(5);
    });
  });

  it('is read by who may only read, who is told what to be granted before writing', async () => {
    await withLedgerOwner(postgres(), async (database, owner) => {
      await using ledger = await openLedger(owner.url);
      await ledger.beginRun(runRecord('r1'));
      await using role = await makeRole(database);
      const denied = await failure(role.url);
      expect([denied.code, denied.exit]).toEqual(['ATLAS_LEDGER_DENIED', 1]);
      expect(denied.message).toMatch(/permission denied for schema atlas_ingest \(SQLSTATE 42501\)$/);
      await database.query(
        `GRANT USAGE ON SCHEMA atlas_ingest TO ${role.name}; GRANT SELECT ON ALL TABLES IN SCHEMA atlas_ingest TO ${role.name}`,
      );
      await using reading = await openLedger(role.url);
      expect(await reading.run('r1')).toEqual(runRecord('r1'));
      const error = (await reading.beginRun(runRecord('r2')).catch((thrown: unknown) => thrown)) as AtlasError;
      expect(error.message).toMatch(/^could not begin a run in the ledger at .*permission denied for table run/);
      await database.query(error.hint.slice(0, error.hint.lastIndexOf(';')));
      await reading.beginRun(runRecord('r2'));
      await using lease = await reading.hold('/out/daily.parquet', 'r2', { signal: new AbortController().signal });
      await lease.confirm({ signal: new AbortController().signal });
      await reading.intend(intentionOf('r2'));
      await reading.settle('r2/daily', receiptOf('r2', 'daily', { inputs: [{ path: '/x', bytes: 1, sha256: 'a' }] }));
      await reading.record(receiptOf('r2', 'daily', { outcome: 'failed' }));
      await reading.endRun('r2', 'published', 0, '2024-01-01T00:00:09.000Z');
      expect(await ledger.receipts('r2')).toHaveLength(1);
    });
  });

  it('says who must make the schema, where its own role may not', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using role = await makeRole(database);
    const error = await failure(role.url);
    expect([error.code, error.message]).toEqual([
      'ATLAS_LEDGER_DENIED',
      expect.stringContaining('permission denied for database'),
    ]);
    await database.query(error.hint);
    await using ledger = await openLedger(role.url);
    await ledger.beginRun(runRecord('r1'));
  });

  it('tells a wrong password, a missing one, a missing database and nobody there apart', async () => {
    await withLedgerOwner(postgres(), async (_, { url, name }) => {
      const wrong = await failure(url.replace(/:[^:@]*@/, ':falsch123@'));
      expect([wrong.code, wrong.exit]).toEqual(['ATLAS_LEDGER_AUTH', 1]);
      expect(wrong.message).toContain(`password authentication failed for user "${name}" (SQLSTATE 28P01)`);
      const none = await failure(`${url.replace(/:[^:@]*@/, '@')}?passfile=/nowhere`);
      expect([none.code, none.message]).toEqual([
        'ATLAS_LEDGER_AUTH',
        expect.stringMatching(/the server asks for a password, and none was given$/),
      ]);
      const missing = await failure(url.replace(/\/[^/]*$/, '/nowhere'));
      expect([missing.code, missing.hint]).toEqual([
        'ATLAS_LEDGER_DATABASE',
        `CREATE DATABASE "nowhere" ENCODING 'UTF8' TEMPLATE template0;`,
      ]);
      const nobody = await failure(url.replace(/:\d+\//, `:${await freePort()}/`));
      expect([nobody.code, nobody.exit]).toEqual(['ATLAS_LEDGER_UNAVAILABLE', 75]);
      expect(nobody.message).toContain('ECONNREFUSED');
      const nameless = await failure(url.replace(/@[^/]*\//, '@no.such.host.invalid/').concat('?sslmode=disable'));
      expect([nameless.code, nameless.message]).toEqual([
        'ATLAS_LEDGER_UNAVAILABLE',
        expect.stringMatching(/no\.such\.host\.invalid/),
      ]);
    });
  });

  it('a password that stands in an error of the server is not told', async () => {
    await withLedgerOwner(postgres(), async (_, { url, password }) => {
      const error = await failure(`${url}?options=${encodeURIComponent(`-c ${password}=1`)}`);
      expect(error.message).toContain('"***"');
    });
  });

  it('needs a database that can hold any name', async () => {
    await using database = await makePostgresDatabase(
      postgres(),
      `TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
    expect(await failure(database.url)).toMatchObject({
      code: 'ATLAS_LEDGER_DATABASE',
      message: expect.stringMatching(/encoding LATIN1/),
    });
  });

  it('does not take the tables of somebody else', async () => {
    await using database = await makePostgresDatabase(postgres());
    await database.query('CREATE SCHEMA app; CREATE TABLE app.receipt (id int)');
    const error = await failure(`${database.url}?schema=app`);
    expect(error).toMatchObject({
      code: 'ATLAS_LEDGER_DATABASE',
      message: expect.stringContaining('relation "receipt" already exists'),
    });
    expect(await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'app'")).toEqual([['receipt']]);
  });

  it('keeps targets longer than an index entry, and text of every kind', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using ledger = await openLedger(database.url);
    const target = `/${Array.from({ length: 4000 }, (_, at) => String.fromCharCode(97 + ((at * 7919 + (at >> 3)) % 26))).join('')}`;
    const odd = receiptOf('r1', 'daily', {
      target,
      notes: ['\u0000', '\ud800', '😀', '"\\', '𐀀'],
      inputs: [{ path: '\u0000', bytes: 2 ** 52, sha256: 'a' }],
    });
    await using lease = await ledger.hold(target, 'r1', { signal: new AbortController().signal });
    await lease.confirm({ signal: new AbortController().signal });
    await ledger.intend(intentionOf('r1', { target }));
    expect(await ledger.pending(target)).toHaveLength(1);
    await ledger.settle('r1/daily', odd);
    expect(await ledger.lastAt(target)).toEqual(odd);
    expect(await ledger.contentsAt(target)).toEqual([
      { sha256: 'a', bytes: 2 ** 52, run: 'r1', ocs: 'weather', dataset: 'daily' },
    ]);
  });
});
