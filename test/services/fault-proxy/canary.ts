import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** A host that no rule allows: it listens, and notes whether anybody came. */
export interface Canary extends AsyncDisposable {
  readonly url: string;
  readonly connections: number;
  readonly bytes: number;
}

/** Listens on an address of loopback that is not 127.0.0.1. */
export async function startCanary(): Promise<Canary> {
  const heard = { connections: 0, bytes: 0 };
  const server = createServer((socket) => {
    heard.connections += 1;
    socket.on('data', (part) => {
      heard.bytes += part.length;
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.2', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.2:${port}`,
    get connections() {
      return heard.connections;
    },
    get bytes() {
      return heard.bytes;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}
