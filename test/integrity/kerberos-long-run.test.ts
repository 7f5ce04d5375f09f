import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import { TokenBoard } from '../../src/store/webhdfs/credentials/token-board.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithKerberos } from '../services/kerberos/describe-with-kerberos.ts';
import { declaredSecure, secureConnection } from '../services/kerberos/secure-connection.ts';
import { RENEW_INTERVAL_MS } from '../services/kerberos/start-secure-hadoop.ts';

const through = { signal: new AbortController().signal };
/** Longer than the tickets of `brief` live, and than a token lives without being renewed. */
const WAIT_MS = RENEW_INTERVAL_MS * 1.75;

/** A thread that knows only what is shared with it, and looks at HDFS all the time. */
const LOOKER = `
import { parentPort, workerData } from 'node:worker_threads';
const { openStores } = await import(workerData.registry);
const stores = openStores(workerData.connections);
const store = await stores.of('hdfs://lake/');
let looks = 0;
let over = false;
parentPort.once('message', () => { over = true; });
try {
  for (; !over; looks++) {
    await store.look('hdfs://lake/', { signal: new AbortController().signal });
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  parentPort.postMessage(looks);
} catch (error) {
  parentPort.postMessage(error.message);
}`;

describeWithKerberos('what lasts longer than tickets and tokens do', (hadoop) => {
  it.concurrent('a run whose ticket ends, and whose token would, while it waits publishes', async () => {
    using project = new Project();
    const folder = `hdfs://lake/runs/${randomBytes(6).toString('hex')}`;
    const path = `${folder}/cities.parquet`;
    project.declare([datasetOf('cities', { id: 'int', name: 'string' }, { destination: { path } })], {
      lake: declaredSecure(hadoop(), { kerberos: { keytab: hadoop().keytabs.brief } }),
    });
    project.write('cities.csv', 'id,name\n1,Oslo\n');
    await using others = openStores({
      lake: secureConnection(hadoop(), { kerberos: { keytab: hadoop().keytabs.etl } }),
    });
    const store = await others.of(path);
    await store.makeFolders(folder, through);
    const lock = await store.lock(folder, 'cities.parquet', 'somebody-else', through);
    const running = project.load({ ifLocked: { kind: 'wait', milliseconds: 120_000 } });
    await sleep(WAIT_MS);
    await lock[Symbol.asyncDispose]();
    const receipt = await running;
    expect(receipt).toMatchObject({ error: null, outcome: 'published', rows: { published: 1 } });
    expect(await store.list(folder, through)).toEqual([{ name: 'cities.parquet', kind: 'file' }]);
    await store.remove(folder, through);
  }, 180_000);

  it.concurrent('a thread that a token was shared with sees it renewed, and replaced before its life ends', async () => {
    await using stores = openStores({
      lake: secureConnection(hadoop(), { kerberos: { keytab: hadoop().keytabs.brief } }),
    });
    const connections = await stores.share();
    const lake = connections['lake'];
    if (lake?.type !== 'webhdfs') throw new Error('no lake is shared');
    expect(lake.kerberos).toBeNull();
    const board = new TokenBoard(lake.tokenBoard ?? undefined);
    // The thread is born before anybody signed in.
    const registry = new URL('../../dist/registry.js', import.meta.url).href;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(LOOKER)}`), {
      workerData: { connections, registry },
    });
    const ended = new Promise((resolve) => worker.once('message', resolve));
    await (await stores.of('hdfs://lake/')).look('hdfs://lake/', through);
    const first = board.read();
    while (board.read() === first) await sleep(200);
    const last = board.read();
    await sleep(1000);
    worker.postMessage('end');
    const looks = await ended;
    expect(looks).toBeTypeOf('number');
    expect(looks as number).toBeGreaterThan(10);
    await stores[Symbol.asyncDispose]();
    // Both are cancelled, the one that was replaced too.
    for (const token of [first, last]) {
      const answer = await fetch(`${hadoop().url}/?op=GETFILESTATUS&delegation=${token}`);
      expect(answer.status).toBe(403);
    }
  }, 180_000);

  it.concurrent('an upload goes on beyond the interval of the token that it began with', async () => {
    const kerberos = { keytab: hadoop().keytabs.etl };
    await using stores = openStores({ lake: secureConnection(hadoop(), { kerberos }) });
    const folder = `hdfs://lake/tmp/${randomBytes(6).toString('hex')}`;
    const store = await stores.of(folder);
    await store.makeFolders(folder, through);
    await using file = await store.create(`${folder}/file`, 0o644, through);
    await file.write(Buffer.from('begun, '), through);
    await sleep(RENEW_INTERVAL_MS + 2000);
    await file.write(Buffer.from('ended'), through);
    await file.sync(through);
    await using reader = await store.open(`${folder}/file`, through);
    expect(Buffer.from(await reader.read(0, reader.length)).toString()).toBe('begun, ended');
    await store.remove(folder, through);
  }, 180_000);

  it.concurrent('a ticket cache that ends: the token goes on, and its end is told with the reason', async () => {
    const { kdc, keytabs } = hadoop();
    const cache = kdc.kinit('etl', keytabs.etl, '14s');
    const ticket = sleep(14_500);
    await using stores = openStores({ lake: secureConnection(hadoop(), { kerberos: { ticket_cache: cache } }) });
    const store = await stores.of('hdfs://lake/');
    await store.look('hdfs://lake/', through);
    await ticket;
    expect(await store.look('hdfs://lake/', through)).toMatchObject({ kind: 'folder' }); // the ticket is over, the token is not
    let error: unknown = null; // until the token's interval is over too
    while (error === null) {
      await sleep(500);
      error = await store.look('hdfs://lake/', through).then(
        () => null,
        (caught: unknown) => caught,
      );
    }
    expect(error).toMatchObject({ code: 'ATLAS_HDFS_KERBEROS', hint: expect.stringMatching(/kinit/) });
    expect((error as Error).message).toMatch(
      /token of connection lake is not accepted any more .*ticket of etl@ATLAS\.TEST expired at/,
    );
  }, 180_000);
});
