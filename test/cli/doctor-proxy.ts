import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a proxy does to what passes through it. */
export interface ProxyFaults {
  /** Answers itself: true where it did. */
  readonly answer?: (op: string, response: ServerResponse) => boolean;
  /** Changes the headers of an answer. */
  readonly headers?: (headers: Record<string, string | string[] | undefined>, op: string) => void;
}

/** An HTTP proxy before a NameNode, to put one fault into real answers. */
export interface Proxy extends AsyncDisposable {
  /** Of WebHDFS. */
  readonly url: string;
  /** Operations that came, in order. */
  readonly heard: string[];
}

/** Starts a proxy on a free port of loopback. */
export async function startProxy(target: string, faults: ProxyFaults): Promise<Proxy> {
  const heard: string[] = [];
  const server = createServer((incoming: IncomingMessage, response) => {
    const op = new URL(incoming.url ?? '', 'http://x').searchParams.get('op') ?? '';
    heard.push(op);
    if (faults.answer?.(op, response)) return;
    const to = new URL(incoming.url ?? '', target);
    const { host: _, ...headers } = incoming.headers;
    const outgoing = request(to, { method: incoming.method ?? 'GET', headers }, (answer) => {
      const changed = { ...answer.headers };
      faults.headers?.(changed, op);
      response.writeHead(answer.statusCode ?? 502, changed);
      answer.pipe(response);
    });
    outgoing.once('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${new URL(target).pathname}`,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
