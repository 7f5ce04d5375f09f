import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { lookAt } from '../../../src/store/webhdfs/look-at.ts';
import { renameOver } from '../../../src/store/webhdfs/rename/rename-path.ts';
import { type FakeNameNode, nodesOf, STATUS, sayJson, startFake } from './fake-name-node.ts';

const through = { signal: new AbortController().signal };
const PATH = 'hdfs://lake/x';
const ONCE = { attempts: 1 };

/** A request as the server saw it: which of its connections it came on (from 1 on), and at which place there. */
interface Came {
  readonly op: string;
  readonly connection: number;
  readonly place: number;
}

describe('connections that are kept from call to call', () => {
  const servers: FakeNameNode[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
  });
  /** A server that notes how it was asked, and answers by `serve`. */
  const start = async (serve: (came: Came, answer: ServerResponse, asked: IncomingMessage) => void) => {
    const came: Came[] = [];
    const sockets: Socket[] = [];
    const server = await startFake((asked, answer, op) => {
      if (!sockets.includes(asked.socket)) sockets.push(asked.socket);
      const connection = sockets.indexOf(asked.socket) + 1;
      const place = came.filter((each) => each.connection === connection).length + 1;
      came.push({ op, connection, place });
      serve({ op, connection, place }, answer, asked);
    });
    servers.push(server);
    return { came, url: server.url };
  };
  const status = (answer: ServerResponse, more: object = {}) =>
    sayJson(answer, 200, { FileStatus: { ...STATUS.FileStatus, ...more } });

  it('are used again by calls that may be sent twice', async () => {
    const { came, url } = await start((_, answer) => status(answer));
    using nodes = nodesOf([url], ONCE);
    for (let time = 0; time < 5; time += 1) await lookAt(nodes, PATH, through);
    expect(came.map(({ connection }) => connection)).toEqual([1, 1, 1, 1, 1]);
  });

  it.each([
    ['closed', (asked: IncomingMessage) => asked.socket.end()],
    ['reset', (asked: IncomingMessage) => asked.socket.resetAndDestroy()],
  ])('and %s as they are used again, cost one request on another one, and no attempt', async (_, close) => {
    const { came, url } = await start(({ connection, place }, answer, asked) => {
      if (connection === 1 && place === 2) close(asked);
      else status(answer);
    });
    using nodes = nodesOf([url], ONCE);
    await lookAt(nodes, PATH, through);
    expect(await lookAt(nodes, PATH, through)).toMatchObject({ inode: '16400' });
    expect(came.map(({ connection, place }) => [connection, place])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it('and broken off on a connection of its own, a call is a failed attempt as ever', async () => {
    const { came, url } = await start(({ connection }, answer, asked) => {
      if (connection === 1 || came.length === 1) status(answer);
      else asked.socket.destroy();
      if (came.length === 1) asked.socket.end();
    });
    using nodes = nodesOf([url], ONCE);
    await lookAt(nodes, PATH, through);
    await sleep(20);
    await expect(lookAt(nodes, PATH, through)).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNAVAILABLE' });
    expect(came).toHaveLength(2);
  });

  it('and closed while nobody used them, are not noticed', async () => {
    const { came, url } = await start((_, answer, asked) => {
      status(answer);
      answer.once('finish', () => asked.socket.end());
    });
    using nodes = nodesOf([url], ONCE);
    for (let time = 0; time < 3; time += 1) {
      await lookAt(nodes, PATH, through);
      await sleep(20);
    }
    expect(came.map(({ connection }) => connection)).toEqual([1, 2, 3]);
  });

  it('and broken off in mid-answer, are a failed attempt', async () => {
    const { came, url } = await start(({ place }, answer, asked) => {
      if (place === 1) return status(answer);
      answer.writeHead(200, { 'content-length': 1000 }).write('{"File', () => asked.socket.destroy());
    });
    using nodes = nodesOf([url], ONCE);
    await lookAt(nodes, PATH, through);
    await expect(lookAt(nodes, PATH, through)).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNAVAILABLE' });
    expect(came).toHaveLength(2);
  });

  it('and silent, are a failed attempt, not one for another connection', async () => {
    const { came, url } = await start(({ place }, answer) => {
      if (place === 1) status(answer);
    });
    const limits = { connect: 5000, idle: 60, call: 5000, wait: 1 };
    using nodes = nodesOf([url], { ...ONCE, limits });
    await lookAt(nodes, PATH, through);
    await expect(lookAt(nodes, PATH, through)).rejects.toThrow(/nothing came in 60 ms/);
    expect(came).toHaveLength(2);
  });

  it('are not for a rename: one that breaks off in the middle was sent once, and is looked for', async () => {
    let moved = false;
    const { came, url } = await start(({ op }, answer, asked) => {
      if (op !== 'RENAME') return status(answer, { fileId: moved || !asked.url?.includes('/y') ? 7 : 6 });
      moved = true;
      asked.socket.resetAndDestroy();
    });
    using nodes = nodesOf([url]);
    await lookAt(nodes, PATH, through);
    await renameOver(nodes, PATH, 'hdfs://lake/y', through);
    const renames = came.filter(({ op }) => op === 'RENAME');
    expect(renames).toEqual([{ op: 'RENAME', connection: 2, place: 1 }]);
    expect(came.filter(({ op, connection }) => op !== 'RENAME' && connection !== 1)).toEqual([]);
  });

  it('are not for a rename: one that never arrived is uncertain, and is not sent again', async () => {
    const { came, url } = await start(({ op }, answer, asked) => {
      if (op === 'RENAME') asked.socket.resetAndDestroy();
      else status(answer, { fileId: asked.url?.includes('/y') ? 6 : 7 });
    });
    using nodes = nodesOf([url]);
    await lookAt(nodes, PATH, through);
    const failed = renameOver(nodes, PATH, 'hdfs://lake/y', through);
    await expect(failed).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNCERTAIN' });
    expect(came.filter(({ op }) => op === 'RENAME')).toHaveLength(1);
  });
});
