import { expect, it } from 'vitest';
import { openLedger } from '../../src/registry.ts';
import { makeRole, withLedgerOwner } from '../ledger/postgres/ledger-roles.ts';
import { datasetOf, Project } from '../run/project.ts';
import { freePort } from '../services/free-port.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { cli } from './cli.ts';

interface Step {
  readonly step: string;
  readonly outcome: string;
  readonly message: string;
  readonly hint: string | null;
  readonly code: string | null;
}

/** What doctor finds of a ledger: exit code and steps, and that no password shows. */
async function diagnose(ledger: string): Promise<{ readonly exit: number | null; readonly steps: readonly Step[] }> {
  using project = new Project([datasetOf('t', { n: 'int32' })]);
  const { status, stdout, stderr } = await cli(['doctor', '--ocs', 'g', '--json'], {
    cwd: project.root,
    env: { ATLAS_LEDGER: ledger },
  });
  const password = new URL(ledger).password;
  if (password !== '') expect(stdout + stderr).not.toContain(password);
  const { connections } = JSON.parse(stdout);
  expect(connections).toMatchObject([{ name: 'ATLAS_LEDGER', type: 'ledger' }]);
  return { exit: status, steps: connections[0].steps };
}

const outcomes = (steps: readonly Step[]) => steps.map(({ step, outcome }) => `${step} ${outcome}`);

describeWithPostgres('doctor, of a ledger on PostgreSQL', (postgres) => {
  it('before the first run and after it, changing nothing', async () => {
    await withLedgerOwner(postgres(), async (database, { url, name }) => {
      const first = await diagnose(url);
      // the servers of the tests are not careful
      const careless = ['url ok', 'login ok', 'tables ok', 'rights ok', 'durable warning'];
      expect([first.exit, outcomes(first.steps)]).toEqual([0, careless]);
      expect(first.steps[1]?.message).toMatch(new RegExp(`^PostgreSQL [\\d.]+.* knows us as ${name}, without TLS$`));
      expect(first.steps[2]?.message).toBe('no ledger yet: the next run makes what is missing');
      expect(first.steps[4]?.message).toMatch(/fsync off/);
      expect(await database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'atlas_ingest'")).toEqual([]);
      await (await openLedger(url))[Symbol.asyncDispose]();
      const second = await diagnose(url);
      expect([second.exit, outcomes(second.steps)]).toEqual([0, careless]);
      expect(second.steps[2]?.message).toMatch(/^a ledger of version \d+$/);
    });
  });

  it('where rights are missing it says the SQL that gives them', async () => {
    await using database = await makePostgresDatabase(postgres());
    await using role = await makeRole(database);
    const none = await diagnose(role.url);
    expect([none.exit, outcomes(none.steps)]).toEqual([1, ['url ok', 'login ok', 'tables failed']]);
    expect(none.steps[2]).toMatchObject({
      code: 'ATLAS_LEDGER_DENIED',
      message: expect.stringContaining('no ledger yet'),
    });
    await (await openLedger(database.url))[Symbol.asyncDispose]();
    await database.query(
      `GRANT USAGE ON SCHEMA atlas_ingest TO ${role.name}; GRANT SELECT ON ALL TABLES IN SCHEMA atlas_ingest TO ${role.name}`,
    );
    const some = await diagnose(role.url);
    expect([some.exit, outcomes(some.steps)]).toEqual([1, ['url ok', 'login ok', 'tables ok', 'rights failed']]);
    const { hint, message } = some.steps[3] as Step;
    expect(message).toMatch(/has not the right to DELETE on backfill, .* and \d+ more$/);
    await database.query(hint?.slice(0, hint.lastIndexOf(';')) as string);
    expect((await diagnose(role.url)).exit).toBe(0);
  });

  it('that cannot be reached, understood or entered', async () => {
    await withLedgerOwner(postgres(), async (_, { url, name }) => {
      const gone = await diagnose(url.replace(/:\d+\//, `:${await freePort()}/`));
      expect([gone.exit, outcomes(gone.steps)]).toEqual([75, ['url ok', 'login failed']]);
      const wrong = await diagnose(url.replace(/:[^:@]*@/, ':falsch123@'));
      expect([wrong.exit, wrong.steps[1]?.code, wrong.steps[1]?.message]).toEqual([
        1,
        'ATLAS_LEDGER_AUTH',
        expect.stringContaining(name),
      ]);
      const odd = await diagnose(`${url}?sslmode=maybe`);
      expect([odd.exit, outcomes(odd.steps)]).toEqual([2, ['url failed']]);
    });
  });
});
