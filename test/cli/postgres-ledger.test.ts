import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeRole, withLedgerOwner } from '../ledger/postgres/ledger-roles.ts';
import { datasetOf, Project } from '../run/project.ts';
import { freePort } from '../services/free-port.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { cli, type Ended } from './cli.ts';

const PRINTED = 'postgresql://';

/** A project with one dataset, which leaves two rejects. */
function projectWithRejects(): Project {
  const project = new Project([
    datasetOf('t', { n: 'int32', text: 'string' }, { rest: { on_error: 'reject', max_rejects: 10 } }),
  ]);
  project.write('t.csv', 'n,text\n1,a\nx2,b\n3,c,d\n4,d\n');
  return project;
}

/** All that is on disk below a folder. */
function contentOf(folder: string): string {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

describeWithPostgres('commands with a ledger on PostgreSQL', (postgres) => {
  it('run, plan, history, show, verify and replay; the password stands nowhere', async () => {
    await withLedgerOwner(postgres(), async (database, { url, password }) => {
      using project = projectWithRejects();
      let told = '';
      const commandLines: string[] = [];
      const ask = async (...args: string[]): Promise<Ended> => {
        const ended = await cli(args, {
          cwd: project.root,
          env: { ATLAS_LEDGER: url, ATLAS_DEBUG: '1' },
          onStderr: (_, { pid }) => {
            commandLines.push(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
          },
        });
        told += ended.stdout + ended.stderr;
        return ended;
      };
      const before = await ask('history');
      expect([before.status, before.stdout]).toEqual([
        0,
        expect.stringMatching(/^no runs yet \(postgresql:\/\/atlas_\w+@127\.0\.0\.1:\d+\/atlas_\w+\)\n$/),
      ]);
      expect((await ask('plan', '--ocs', 'g')).stdout).toContain('nothing was published before');
      expect(await database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'atlas_ingest'")).toEqual([]);

      const ran = await ask('run', '--ocs', 'g', '--json', '--log', 'json');
      expect(ran.status).toBe(0);
      const { run, datasets } = JSON.parse(ran.stdout);
      expect(await database.query('SELECT run, outcome FROM atlas_ingest.receipt')).toEqual([[run, 'published']]);
      expect(project.list('.atlas').filter((name) => name.includes('ledger'))).toEqual([]);
      expect((await ask('plan', '--ocs', 'g', '--exit-code')).stdout).toContain('none in schema or loss');
      const listed = JSON.parse((await ask('history', '--json')).stdout);
      expect(listed.runs).toMatchObject([{ id: run, status: 'published', rows_published: 2, rows_rejected: 2 }]);
      expect((await ask('show', 'last', '--json')).stdout).toContain(run);
      expect((await ask('show', 'last')).stdout).toContain('2 published + 2 rejected');
      expect((await ask('verify', run.slice(0, -3))).status).toBe(0);

      const rejects = datasets[0].rejects.path;
      writeFileSync(rejects, readFileSync(rejects, 'utf8').replace('x2', '2'));
      const replayed = await ask('replay', 'last', '--json');
      expect([replayed.status, JSON.parse(replayed.stdout).datasets[0].rows.published]).toEqual([0, 1]);
      expect((await ask('replay', run)).status).toBe(2);
      const unknown = await ask('show', 'nothing');
      expect([unknown.status, unknown.stderr]).toEqual([
        2,
        expect.stringContaining(`there is no run "nothing" in ${PRINTED}`),
      ]);

      expect(commandLines.length).toBeGreaterThan(0);
      const kept = await database.query(`SELECT string_agg(body, '') FROM (SELECT body FROM atlas_ingest.receipt
        UNION ALL SELECT body FROM atlas_ingest.intention UNION ALL SELECT owner FROM atlas_ingest.lease) AS kept`);
      for (const text of [told, commandLines.join('\n'), JSON.stringify(kept), contentOf(project.root)]) {
        expect(text).not.toContain(password);
      }
    });
  });

  it('says what is wrong with the ledger, by exit code, in words and as JSON, and not its password', async () => {
    await withLedgerOwner(postgres(), async (database, { url, password, name }) => {
      await using stranger = await makeRole(database);
      using project = projectWithRejects();
      const port = await freePort();
      const cases: readonly (readonly [string, number, string])[] = [
        [url.replace(/:\d+\//, `:${port}/`), 75, 'ATLAS_LEDGER_UNAVAILABLE'],
        [url.replace(`${name}:`, `${stranger.name}:`), 1, 'ATLAS_LEDGER_AUTH'],
        [url.replace(/\/[^/]*$/, '/none'), 1, 'ATLAS_LEDGER_DATABASE'],
        [stranger.url, 1, 'ATLAS_LEDGER_DENIED'],
        [`${url}?sslmode=require`, 1, 'ATLAS_LEDGER_TLS'],
        [`${url}?sslmode=maybe`, 2, 'ATLAS_LEDGER_URL'],
        [url.replace('postgresql:', 'mysql:'), 2, 'ATLAS_LEDGER_URL'],
        [url.replace(`${password}@`, `${password}/@`), 2, 'ATLAS_LEDGER_URL'],
      ];
      for (const [ledger, status, code] of cases) {
        const options = { cwd: project.root, env: { ATLAS_LEDGER: ledger, ATLAS_DEBUG: '1' } };
        const inWords = await cli(['run', '--ocs', 'g'], options);
        const asJson = await cli(['run', '--ocs', 'g', '--log', 'json'], options);
        expect([inWords.status, asJson.status, inWords.stderr], code).toEqual([
          status,
          status,
          expect.stringContaining(`error ${code}: `),
        ]);
        expect(JSON.parse(asJson.stderr.trimEnd().split('\n').at(-1) as string)).toMatchObject({ type: 'error', code });
        for (const secret of [password, stranger.password]) {
          expect(inWords.stderr + inWords.stdout + asJson.stderr + asJson.stdout).not.toContain(secret);
        }
        expect(project.list('out')).toEqual([]);
      }
    });
  }, 120_000);
});
