import { afterEach, describe, expect, it } from 'vitest';
import { lookAt } from '../../../src/store/webhdfs/look-at.ts';
import { removePath } from '../../../src/store/webhdfs/remove-path.ts';
import { type FakeNameNode, nodesOf, STATUS, sayException, sayJson, startFake } from './fake-name-node.ts';

const through = { signal: new AbortController().signal };
const PATH = 'hdfs://lake/x';
const NOBODY = 'http://127.0.0.1:1/webhdfs/v1';

describe('NameNodes', () => {
  const servers: FakeNameNode[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
  });
  const start = async (...args: Parameters<typeof startFake>): Promise<FakeNameNode> => {
    const server = await startFake(...args);
    servers.push(server);
    return server;
  };
  const standby = () => start((_, answer) => sayException(answer, 'StandbyException'));
  const active = () => start((_, answer) => sayJson(answer, 200, STATUS));
  const look = (nodes: ReturnType<typeof nodesOf>) => lookAt(nodes, PATH, through);

  it('remembers which one is active, whatever many calls at once find out', async () => {
    const [first, second] = [await standby(), await active()];
    const nodes = nodesOf([first.url, second.url]);
    await Promise.all(Array.from({ length: 9 }, () => look(nodes)));
    const asked = first.asked.length;
    await Promise.all(Array.from({ length: 9 }, () => look(nodes)));
    expect([asked, first.asked.length, second.asked.length]).toEqual([9, 9, 18]);
  });

  it('tells of the one that has something to tell, not of the one on standby', async () => {
    const [first, second] = [await start((_, answer) => sayException(answer, 'SafeModeException')), await standby()];
    const failed = look(nodesOf([first.url, second.url]));
    await expect(failed).rejects.toThrow(/SafeModeException/);
    expect([first.asked.length, second.asked.length]).toEqual([3, 3]);
  });

  it('asks every one of them in each attempt, once more after nobody has answered', async () => {
    let [lives, calls] = [false, 0];
    const server = await start((_, answer) => {
      calls += 1;
      if (lives) sayJson(answer, 200, STATUS);
      else answer.destroy();
    });
    const nodes = nodesOf([NOBODY, server.url]);
    await expect(look(nodes)).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNAVAILABLE' });
    expect(calls).toBe(3);
    await expect(look(nodes)).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNAVAILABLE' });
    expect(calls).toBe(4);
    lives = true;
    expect(await look(nodes)).toMatchObject({ inode: '16400' });
  });

  it.each([
    ['{', /not JSON/],
    ['null', /no object/],
    ['[]', /no FileStatus/],
    ['{}', /no FileStatus/],
    ['{"FileStatus":null}', /no FileStatus/],
    ['{"FileStatus":{"type":"FILE"}}', /no FileStatus/],
    ['<html>please sign in</html>', /not JSON/],
  ])('an answer such as %s is asked for again, then refused, and never crashes', async (text, message) => {
    const server = await start((_, answer) => answer.end(text));
    const failed = look(nodesOf([server.url]));
    await expect(failed).rejects.toMatchObject({
      code: 'ATLAS_HDFS_PROTOCOL',
      message: expect.stringMatching(message),
    });
    expect(server.asked).toHaveLength(3);
  });

  it.each([
    [401, 'ATLAS_HDFS_AUTH', 1],
    [403, 'ATLAS_HDFS_DENIED', 1],
    [404, 'ATLAS_HDFS_PROTOCOL', 1],
    [400, 'ATLAS_HDFS_PROTOCOL', 1],
    [413, 'ATLAS_HDFS_PROTOCOL', 1],
    [429, 'ATLAS_HDFS_UNAVAILABLE', 3],
    [500, 'ATLAS_HDFS_UNAVAILABLE', 3],
    [502, 'ATLAS_HDFS_UNAVAILABLE', 3],
    [503, 'ATLAS_HDFS_UNAVAILABLE', 3],
  ])('a page with status %i is %s after %i requests', async (status, code, requests) => {
    const server = await start((_, answer) => answer.writeHead(status).end('<html>a page</html>'));
    await expect(look(nodesOf([server.url]))).rejects.toMatchObject({ code });
    expect(server.asked).toHaveLength(requests);
  });

  it('a gateway that lost its own server leaves a DELETE to be looked for', async () => {
    let there = true;
    const server = await start((_, answer, op) => {
      if (op === 'DELETE') {
        there = false;
        sayException(answer, 'SocketTimeoutException', '60000 millis timeout');
      } else if (there) sayJson(answer, 200, STATUS);
      else sayException(answer, 'FileNotFoundException');
    });
    await removePath(nodesOf([server.url]), PATH, through);
    expect(server.asked).toEqual(['GETFILESTATUS', 'DELETE', 'GETFILESTATUS']);
  });

  it('what somebody else has put where a DELETE was lost stays', async () => {
    let fileId = 1;
    const server = await start((_, answer, op) => {
      if (op === 'DELETE') {
        fileId = 2;
        answer.destroy();
      } else sayJson(answer, 200, { FileStatus: { ...STATUS.FileStatus, fileId } });
    });
    const failed = removePath(nodesOf([server.url]), PATH, through);
    await expect(failed).rejects.toMatchObject({ code: 'ATLAS_STORE_WRITE' });
    expect(server.asked.filter((op) => op === 'DELETE')).toHaveLength(1);
  });

  it('an answer that drips is waited for as long as a call may take, not for ever', async () => {
    const server = await start((_, answer) => {
      answer.writeHead(200, { 'content-length': 1_000_000 });
      const timer = setInterval(() => answer.write('{'), 5);
      answer.on('close', () => clearInterval(timer));
    });
    const nodes = nodesOf([server.url], { attempts: 1, limits: { connect: 5000, idle: 5000, call: 60, wait: 1 } });
    await expect(look(nodes)).rejects.toThrow(/not done in 60 ms/);
  });

  it('stops while it waits to ask again, and says why it was stopped', async () => {
    const server = await standby();
    const stop = new AbortController();
    const nodes = nodesOf([server.url], {
      limits: { connect: 5000, idle: 5000, call: 5000, wait: 60_000 },
      attempts: 100,
    });
    const failed = lookAt(nodes, PATH, { signal: stop.signal });
    const reason = new Error('stop');
    setTimeout(() => stop.abort(reason), 30);
    await expect(failed).rejects.toBe(reason);
  });

  it('stops while an answer is awaited', async () => {
    const server = await start(() => {});
    const stop = new AbortController();
    const failed = lookAt(nodesOf([server.url]), PATH, { signal: stop.signal });
    const reason = new Error('stop');
    setTimeout(() => stop.abort(reason), 30);
    await expect(failed).rejects.toBe(reason);
  });
});
