import { randomBytes, randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Receipt } from '../../src/index.ts';
import { openStores } from '../../src/registry.ts';
import { exitCodeOf } from '../../src/run/exit-code.ts';
import { duckdbRows } from '../judges/judges.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithServer } from '../services/describe-with-server.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';
import { type NameNodeId, startHaHadoop } from '../services/hadoop/start-ha-hadoop.ts';
import { type RunningProxy, startProxy } from '../services/proxy.ts';

const through = { signal: new AbortController().signal };
/** Failovers in the middle of a run; each in a part of it of its own. */
const PLACES = 3;
/** Start-up and failover wait for Java, on a machine that may be busy. */
const LONG = 300_000;

/** A dataset on a pair of NameNodes, asked through proxies that count, and do something at one moment. */
class Lake implements Disposable {
  readonly project = new Project();
  readonly path = `hdfs://lake/pair/${randomBytes(6).toString('hex')}/rows.parquet`;

  declare(url: readonly string[], more: object = {}): void {
    const dataset = datasetOf('rows', { version: 'int', id: 'int' }, { destination: { path: this.path } });
    this.project.declare([dataset], { lake: declaredHdfs({ url: url as never }, more) });
  }

  /** Loads as many rows as the version says. */
  load(version: number): Promise<Receipt> {
    this.project.write(
      'rows.csv',
      `version,id\n${rowsOf(version)
        .map(([v, id]) => `${v},${id}\n`)
        .join('')}`,
    );
    return this.project.load();
  }

  /** Exactly one file, and this in it; nothing hidden beside it where `alone`. */
  async holds(version: number, alone: boolean): Promise<void> {
    await using stores = openStores(await this.project.connections());
    const store = await stores.of(this.path);
    const folder = this.path.slice(0, this.path.lastIndexOf('/'));
    const names = (await store.list(folder, through)).map(({ name }) => name);
    expect(names.filter((name) => alone || !name.startsWith('.'))).toEqual(['rows.parquet']);
    await using reader = await store.open(this.path, through);
    const copy = this.project.path('back.parquet');
    writeFileSync(copy, await reader.read(0, reader.length));
    expect(await duckdbRows(`SELECT version::INT, id::INT FROM '${copy}' ORDER BY id`)).toEqual(rowsOf(version));
  }

  [Symbol.dispose](): void {
    this.project[Symbol.dispose]();
  }
}

function rowsOf(version: number): number[][] {
  return Array.from({ length: 100 + version }, (_, id) => [version, id]);
}

describeWithServer('a run to two NameNodes', ['java', 'mvn'], startHaHadoop, (pair) => {
  const proxies: RunningProxy[] = [];
  let asked = 0;
  let at = -1;
  let act: () => Promise<void> = async () => {};
  const urls = () => proxies.map(({ url }) => url);

  beforeAll(async () => {
    for (const id of ['nn1', 'nn2'] as const) {
      const route = async ({ url = '/' }: IncomingMessage): Promise<URL> => {
        asked += 1;
        // Asked only once what it waits for has happened.
        if (asked - 1 === at) await act();
        return new URL(url, pair().urls[id]);
      };
      proxies.push(await startProxy({ route }));
    }
  });
  afterAll(async () => {
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  });
  const during = (request: number, what: () => Promise<void>): void => {
    [asked, at, act] = [0, request, what];
  };
  const other = (id: NameNodeId): NameNodeId => (id === 'nn1' ? 'nn2' : 'nn1');

  it('publishes where the first of them is on standby', async () => {
    using lake = new Lake();
    lake.declare(urls().reverse());
    expect(await lake.load(1)).toMatchObject({ outcome: 'published', error: null });
    expect(proxies[1]?.seen.length).toBeGreaterThan(0);
    await lake.holds(1, true);
  });

  it('publishes once, or fails and leaves the old file, where they change places in the middle of it', {
    timeout: LONG,
  }, async () => {
    using lake = new Lake();
    lake.declare(urls());
    await lake.load(1);
    during(-1, async () => {});
    await lake.load(2);
    const requests = asked;
    const seed = randomInt(1e9);
    let [version, active]: [number, NameNodeId] = [2, 'nn1'];
    for (let place = 0; place < PLACES; place += 1) {
      const request = Math.floor((requests * (place + randomOf(seed, place))) / PLACES);
      const where = `seed ${seed}, request ${request} of ${requests}`;
      active = other(active);
      during(request, () => pair().makeActive(active));
      const receipt = await lake.load(version + 1);
      if (receipt.outcome === 'published') version += 1;
      else
        expect(receipt, where).toMatchObject({
          outcome: 'failed',
          error: { code: expect.stringMatching(/HDFS|STORE|LOCK/) },
        });
      await lake.holds(version, receipt.outcome === 'published');
    }
    during(-1, async () => {});
    await pair().makeActive('nn1');
    expect(await lake.load(version + 1)).toMatchObject({ outcome: 'published', error: null });
    await lake.holds(version + 1, true);
  });

  it('fails in bounded time, to be run again later, where both are on standby', { timeout: LONG }, async () => {
    using lake = new Lake();
    lake.declare(urls(), { attempts: 3 });
    await lake.load(1);
    await pair().makeActive(null);
    const receipt = await lake.load(2);
    expect(receipt).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_HDFS_UNAVAILABLE' } });
    expect(receipt.error?.message).toContain('StandbyException');
    expect(exitCodeOf([receipt], { stopped: null, strict: false })).toBe(75);
    await pair().makeActive('nn1');
    await lake.holds(1, true);
  });

  it('goes on with the other one where the active one is killed', { timeout: LONG }, async () => {
    using lake = new Lake();
    lake.declare(urls());
    await lake.load(1);
    during(-1, async () => {});
    await lake.load(2);
    during(Math.floor(asked / 3), async () => {
      await pair().kill('nn1');
      await pair().makeActive('nn2');
    });
    expect(await lake.load(3)).toMatchObject({ outcome: 'published', error: null });
    await lake.holds(3, true);
  });
});

/** In [0, 1), by seed and place. */
function randomOf(seed: number, place: number): number {
  const mixed = Math.imul(seed ^ Math.imul(place + 1, 0x9e3779b1), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}
