import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { openLedger } from '../../src/registry.ts';
import { type CliOptions, cli, type Ended } from '../cli/cli.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase } from '../services/postgres/make-postgres-database.ts';

/** Every step is a process of its own. */
vi.setConfig({ testTimeout: 180_000 });

const HOST = fileURLToPath(new URL('./other-host/main.mjs', import.meta.url));

/** As if the owner of a lease had been silent for its whole time. */
const SILENT = 'UPDATE atlas_ingest.lease SET expires_at = clock_timestamp()';

/** A project on a disk that hosts share, and their ledger; a lease ends when the test says so. */
class Hosts implements Disposable {
  readonly project = new Project([datasetOf('first', { n: 'int32' })]);
  readonly target = this.project.path('out/first.parquet');
  readonly ledger: string;

  constructor(url: string) {
    this.ledger = `${url}?lease=3600`;
  }

  rows(count: number): void {
    this.project.write('first.csv', `n\n${Array.from({ length: count }, (_, n) => `${n}\n`).join('')}`);
  }

  /** A run on a host of its own. */
  run(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    more: Partial<CliOptions> = {},
  ): Promise<Ended> {
    const all = ['run', '--ocs', 'g', '--json', ...args];
    return cli(all, { cwd: this.project.root, env: { ATLAS_LEDGER: this.ledger, ...env }, program: HOST, ...more });
  }

  /** Runs until it stops (SIGSTOP) at the n-th question whether it is still the owner. */
  async asleep(at: number): Promise<{ wake(): Promise<Ended> }> {
    let pid = 0;
    const fallen = new Promise<{ wake(): Promise<Ended> }>((resolve, reject) => {
      const ended = this.run(
        [],
        { STOP_AT: String(at) },
        {
          onStart: (child) => {
            pid = child.pid as number;
          },
          onStderr: (text) => {
            if (!text.includes('asleep')) return;
            const wake = async (): Promise<Ended> => {
              process.kill(pid, 'SIGCONT');
              return await ended;
            };
            resolve({ wake });
          },
        },
      );
      ended.then(({ stderr }) => reject(new Error(`it did not fall asleep: ${stderr}`)), reject);
    });
    return await fallen;
  }

  get published(): string {
    return createHash('sha256').update(this.project.read('out/first.parquet')).digest('hex');
  }

  [Symbol.dispose](): void {
    this.project[Symbol.dispose]();
  }
}

function receiptIn({ stdout }: Ended): {
  readonly run: string;
  readonly outcome: string;
  readonly files: readonly { readonly sha256: string }[];
} {
  const { run, datasets } = JSON.parse(stdout);
  return { run, ...datasets[0] };
}

describeWithPostgres('hosts that share a ledger, and no lock', (postgres) => {
  it.each([
    [1, 'before it read', false],
    [2, 'before it intended', false],
    [3, 'before it committed', true],
  ])('a host that fell asleep at question %i (%s) does not publish when it wakes up', async (at, _, intended) => {
    await using database = await makePostgresDatabase(postgres());
    using hosts = new Hosts(database.url);
    hosts.rows(5);
    const sleeper = await hosts.asleep(at);
    hosts.rows(3);
    const refused = await hosts.run();
    expect([refused.status, refused.stderr]).toEqual([4, expect.stringContaining('ATLAS_TARGET_LOCKED')]);
    expect((await hosts.run(['--if-locked', 'skip'])).status).toBe(99);
    await database.query(SILENT);
    const awake = await hosts.run();
    expect([awake.status, awake.stderr.includes('had been staged, and is published now')]).toEqual([0, intended]);
    const sha256 = receiptIn(awake).files[0]?.sha256;
    expect(hosts.published).toBe(sha256);

    const woken = await sleeper.wake();
    expect([woken.status, woken.stderr]).toEqual([1, expect.stringContaining('ATLAS_LOCK_LOST')]);
    expect(woken.stderr).toContain(`is now held by nobody`);
    expect(hosts.published).toBe(sha256);

    await using ledger = await openLedger(hosts.ledger);
    expect(await ledger.pending(hosts.target)).toEqual([]);
    expect((await ledger.lastPublished('g', 'first'))?.run).toBe(receiptIn(awake).run);
    const [kept] = await ledger.receipts(receiptIn(woken).run);
    expect([kept?.outcome, kept?.rows.published]).toEqual(intended ? ['published', 5] : ['failed', expect.any(Number)]);
    const names = hosts.project.list('out').filter((name) => name.startsWith('.'));
    expect(names).toEqual([]);
  });

  it('a host that was killed is waited for; of this very machine it is known to be dead', async () => {
    for (const env of [{}, { FAR: '1' }]) {
      await using database = await makePostgresDatabase(postgres());
      using hosts = new Hosts(database.url);
      hosts.rows(5);
      const killed = await hosts.run([], { KILL_AT: '3', ...env });
      expect([killed.status, killed.stdout]).toEqual([null, '']);
      hosts.rows(3);
      if ('FAR' in env) {
        expect((await hosts.run([], env)).status).toBe(4);
        await database.query(SILENT);
      }
      const next = await hosts.run([], env);
      expect([next.status, next.stderr]).toEqual([
        0,
        expect.stringContaining('its 5 rows of first had been staged, and is published now'),
      ]);
      expect(hosts.published).toBe(receiptIn(next).files[0]?.sha256);
      await using ledger = await openLedger(hosts.ledger);
      expect(await ledger.pending(hosts.target)).toEqual([]);
      expect((await ledger.runs({ ocs: 'g', limit: 9 })).map(({ exitCode }) => exitCode).includes(null)).toBe(true);
    }
  });

  it('hosts that start at once publish one after the other', async () => {
    await using database = await makePostgresDatabase(postgres());
    using hosts = new Hosts(database.url);
    hosts.rows(5);
    const all = await Promise.all(Array.from({ length: 4 }, () => hosts.run(['--if-locked', 'wait=5m'], { FAR: '1' })));
    expect(all.map(({ status, stderr }) => (status === 0 ? 0 : stderr))).toEqual([0, 0, 0, 0]);
    expect(await database.query('SELECT fence, claim FROM atlas_ingest.lease')).toEqual([['4', null]]);
    await using ledger = await openLedger(hosts.ledger);
    expect(await ledger.pending(hosts.target)).toEqual([]);
    const told = all.map((each) => receiptIn(each).run);
    expect(new Set(told).size).toBe(4);
    expect(hosts.published).toBe((await ledger.lastPublished('g', 'first'))?.files[0]?.sha256);
  });
});
