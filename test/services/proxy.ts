import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What a proxy does with a request: where it goes, or `handled` where it has been answered already. */
export type Route = (asked: IncomingMessage, answer: ServerResponse) => URL | 'handled' | Promise<URL | 'handled'>;

export interface ProxyOptions {
  readonly route: Route;
  /** Makes something else of the `Location` of an answer. */
  readonly location?: (location: string) => string;
  /** PKCS #12 with key and certificate: the proxy speaks https then. */
  readonly identity?: { readonly pfx: Buffer; readonly passphrase: string };
}

/** A proxy on loopback. */
export interface RunningProxy extends AsyncDisposable {
  /** `http://127.0.0.1:…`; `https://localhost:…` where it has an identity. */
  readonly url: string;
  /** Requests so far, such as `PUT CREATE /webhdfs/v1/x`. */
  readonly seen: readonly string[];
}

/** Starts a proxy that passes bytes on as they come, either way. */
export async function startProxy({ route, location = (it) => it, identity }: ProxyOptions): Promise<RunningProxy> {
  const seen: string[] = [];
  const serve = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(asked.url ?? '/', 'http://proxy');
    seen.push(`${asked.method} ${searchParams.get('op')} ${pathname}`);
    const to = await route(asked, answer);
    if (to === 'handled') return;
    const { host: _, ...headers } = asked.headers;
    const onward = request(to, { method: asked.method ?? 'GET', headers, agent: false }, (said) => {
      const moved = said.headers.location;
      answer.writeHead(said.statusCode ?? 502, {
        ...said.headers,
        ...(moved === undefined ? {} : { location: location(moved) }),
      });
      said.pipe(answer);
    });
    onward.once('error', () => answer.destroy());
    asked.pipe(onward);
  };
  const server = identity === undefined ? createServer(serve) : createSecureServer(identity, serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: identity === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
