import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/store/webhdfs/call/call.ts';
import { Upload } from '../../../src/store/webhdfs/upload.ts';
import type { TimeLimits } from '../../../src/store/webhdfs/web-hdfs-plan.ts';
import { type FakeNameNode, nodesOf, startFake } from './fake-name-node.ts';

const through = { signal: new AbortController().signal };
const CALL: Call = { method: 'PUT', op: 'CREATE', path: 'hdfs://lake/x', repeatable: false };
const LIMITS: TimeLimits = { connect: 5000, idle: 5000, call: 5000, wait: 1 };

describe('an upload', () => {
  const servers: FakeNameNode[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
  });
  type Serve = Parameters<typeof startFake>[0];
  /** A NameNode that sends on to a DataNode; both are played. */
  const begin = async (dataNode: Serve, limits: TimeLimits = LIMITS): Promise<Upload> => {
    const data = await startFake(dataNode);
    const name = await startFake((_, answer) => answer.writeHead(307, { location: `${data.url}/x` }).end());
    servers.push(data, name);
    return Upload.begin(CALL, nodesOf([name.url], { limits }), through);
  };
  const takeAll: Serve = (asked, answer) => {
    asked.resume().on('end', () => answer.writeHead(201).end());
  };

  it('is not cut while its reader has nothing to send yet', async () => {
    const upload = await begin(takeAll, { ...LIMITS, idle: 40, call: 5000 });
    await upload.write(new Uint8Array(10));
    await sleep(200);
    await upload.write(new Uint8Array(10));
    await upload.finish();
  });

  it('keeps none of the bytes that it has sent', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const upload = await begin(takeAll);
    const sent: WeakRef<Uint8Array>[] = [];
    for (let part = 0; part < 8; part += 1) {
      const bytes = new Uint8Array(1 << 20);
      sent.push(new WeakRef(bytes));
      await upload.write(bytes);
    }
    for (let round = 0; round < 5; round += 1) {
      await sleep(10);
      collect();
    }
    // the last one may still be in a register
    expect(sent.filter((each) => each.deref() !== undefined).length).toBeLessThanOrEqual(1);
    await upload.finish();
  });

  it.each([
    [503, 'ATLAS_HDFS_UNAVAILABLE'],
    [413, 'ATLAS_HDFS_PROTOCOL'],
    [307, 'ATLAS_HDFS_PROTOCOL'],
  ])('that is answered by %i once all of it was sent is refused, not a success', async (status, code) => {
    const upload = await begin((asked, answer) => {
      asked.resume().on('end', () => answer.writeHead(status).end('<html></html>'));
    });
    await upload.write(new Uint8Array(100_000));
    await expect(upload.finish()).rejects.toMatchObject({ code });
  });

  it('that is answered before its end is over, even if the answer is friendly', async () => {
    for (const status of [201, 503]) {
      const upload = await begin((asked, answer) => {
        asked.once('data', () => answer.writeHead(status).end());
      });
      const send = async (): Promise<void> => {
        for (let part = 0; part < 1000; part += 1) {
          await upload.write(new Uint8Array(10_000));
          await sleep(1);
        }
      };
      await expect(send()).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNAVAILABLE' });
      upload.abort();
    }
  });

  it('whose DataNode takes nothing ends, in so much time and no more', async () => {
    const upload = await begin(
      (asked) => {
        asked.pause();
      },
      { ...LIMITS, idle: 60, call: 100 },
    );
    const send = async (): Promise<void> => {
      for (let part = 0; part < 100; part += 1) await upload.write(new Uint8Array(4 << 20));
    };
    await expect(send()).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNAVAILABLE' });
  });

  it('whose connection breaks in mid-file dies, and is not asked about', async () => {
    const upload = await begin((asked) => {
      asked.once('data', () => asked.destroy());
    });
    const send = async (): Promise<void> => {
      for (let part = 0; part < 1000; part += 1) {
        await upload.write(new Uint8Array(10_000));
        await sleep(1);
      }
    };
    await expect(send()).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNAVAILABLE' });
  });

  it('whose answer is lost at its end is uncertain', async () => {
    const upload = await begin((asked, answer) => {
      asked.resume().on('end', () => answer.destroy());
    });
    await upload.write(new Uint8Array(10));
    await expect(upload.finish()).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNCERTAIN' });
  });

  it('goes to another DataNode where the first one is not there', async () => {
    const data = await startFake(takeAll);
    const excluded: (string | null)[] = [];
    const name = await startFake((asked, answer) => {
      excluded.push(new URL(asked.url ?? '', 'http://x').searchParams.get('excludedatanodes'));
      const location = excluded.length === 1 ? 'http://127.0.0.1:1/x' : `${data.url}/x`;
      answer.writeHead(307, { location }).end();
    });
    servers.push(data, name);
    const upload = await Upload.begin(CALL, nodesOf([name.url]), through);
    await upload.write(new Uint8Array(10));
    await upload.finish();
    expect(excluded).toEqual([null, '127.0.0.1']);
  });
});
