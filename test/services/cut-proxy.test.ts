import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CutProxy } from './cut-proxy.ts';

const MEGABYTE = Buffer.alloc(1 << 20, 'abcdefgh');

describe('the proxy that cuts', () => {
  let server: Server;
  const target = (): { host: string; port: number } => ({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
  });

  beforeAll(async () => {
    server = createServer((socket: Socket) => {
      socket.on('error', () => {});
      // A question is answered by a megabyte.
      socket.on('data', () => socket.write(MEGABYTE));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function ask(proxy: CutProxy): Promise<{ bytes: () => number; ended: Promise<string>; socket: Socket }> {
    const socket = connect(proxy.port, proxy.host);
    let bytes = 0;
    socket.on('data', (part) => {
      bytes += part.length;
    });
    const ended = new Promise<string>((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      socket.once('end', () => resolve('end'));
    });
    socket.write('?');
    return { bytes: () => bytes, ended, socket };
  }

  it('passes everything on, and counts it', async () => {
    await using proxy = await CutProxy.open(target());
    const { bytes, socket } = await ask(proxy);
    await vi.waitUntil(() => bytes() === MEGABYTE.length);
    expect(proxy.connections).toMatchObject([{ index: 0, fromServer: MEGABYTE.length, fromClient: 1, open: true }]);
    socket.end();
    await vi.waitUntil(() => proxy.connections[0]?.open === false);
    expect(proxy.fromServer).toBe(MEGABYTE.length);
  });

  it('ends a connection after exactly so many bytes', async () => {
    await using proxy = await CutProxy.open(target(), () => ({ cutAfter: 100_001, how: 'end' }));
    const { bytes, ended } = await ask(proxy);
    expect(await ended).toBe('end');
    expect(bytes()).toBe(100_001);
  });

  it('resets one, and the next passes', async () => {
    await using proxy = await CutProxy.open(target(), (index) => (index === 0 ? { cutAfter: 5 } : {}));
    expect(['ECONNRESET', 'end']).toContain(await (await ask(proxy)).ended);
    const { bytes } = await ask(proxy);
    await vi.waitUntil(() => bytes() === MEGABYTE.length);
    expect(proxy.connections.map(({ fromServer }) => fromServer)).toEqual([5, MEGABYTE.length]);
  });

  it('resets what is open', async () => {
    await using proxy = await CutProxy.open(target(), () => ({ stallAfter: 5 }));
    const { bytes, ended } = await ask(proxy);
    await vi.waitUntil(() => bytes() === 5);
    proxy.cut();
    expect(await ended).toBe('ECONNRESET');
  });

  it('lets nobody in', async () => {
    await using proxy = await CutProxy.open(target(), () => ({ refuse: true }));
    expect(await (await ask(proxy)).ended).toBe('ECONNRESET');
    expect(proxy.fromServer).toBe(0);
  });

  it('stalls until it is released', async () => {
    await using proxy = await CutProxy.open(target(), () => ({ stallAfter: 70_000 }));
    const { bytes } = await ask(proxy);
    await vi.waitUntil(() => proxy.connections[0]?.stalled === true && bytes() === 70_000);
    proxy.release();
    await vi.waitUntil(() => bytes() === MEGABYTE.length);
  });

  it('slows, and cuts what is open when it is told to', async () => {
    await using proxy = await CutProxy.open(target(), () => ({ bytesPerSecond: 100_000 }));
    const { bytes, ended, socket } = await ask(proxy);
    await vi.waitUntil(() => bytes() >= 10_000);
    proxy.cut('end');
    expect(await ended).toBe('end');
    expect(bytes()).toBeLessThan(MEGABYTE.length);
    if (!socket.destroyed) await once(socket, 'close');
  });

  it('resets who comes where there is no server', async () => {
    await using proxy = await CutProxy.open({ host: '127.0.0.1', port: 1 });
    expect(await (await ask(proxy)).ended).toBe('ECONNRESET');
  });
});
