import { createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';

/** A moment in the life of a request that passes through a gate. */
export interface Passage {
  /** Of the request, counted from the opening of the gate, or from the last `restart`. */
  readonly index: number;
  readonly server: 'name' | 'data';
  readonly op: string;
  /**
   * `before` the server sees it, in mid-`body` (some bytes of an upload are the server's), `after` the server has done it and
   * before its answer is passed on.
   */
  readonly when: 'before' | 'body' | 'after';
}

/** What the keeper of a gate decides: let it pass, or cut both connections. */
export type Verdict = 'pass' | 'cut';

/** Marks what was a DataNode's address in a path of the gate. */
const DATA = '/~';

/** A loopback proxy in front of one NameNode and its DataNodes: redirects lead through it again, bytes pass as they are. */
export class Gate implements AsyncDisposable {
  /** What stands in front of `/webhdfs/v1`, with it. */
  readonly url: string;
  keeper: (passage: Passage) => Verdict = () => 'pass';
  readonly #close: () => Promise<void>;
  readonly #origin: string;
  readonly #own: string;
  #count = 0;

  private constructor(origin: URL, own: string, close: () => Promise<void>) {
    this.#origin = origin.origin;
    this.#own = own;
    this.url = own + origin.pathname;
    this.#close = close;
  }

  /** Opens a gate to a NameNode (`http://127.0.0.1:…/webhdfs/v1`). */
  static async open(nameNode: string): Promise<Gate> {
    const server = createServer((incoming, outgoing) => void gate.#serve(incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the gate has no port');
    const close = (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    const gate: Gate = new Gate(new URL(nameNode), `http://127.0.0.1:${address.port}`, close);
    return gate;
  }

  /** Requests that came since the gate was opened or restarted. */
  get count(): number {
    return this.#count;
  }

  restart(): void {
    this.#count = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = incoming.url ?? '/';
    const data = path.startsWith(DATA);
    const [host = '', ...rest] = data ? path.slice(DATA.length).split('/') : [];
    const to = data ? `http://${host}/${rest.join('/')}` : this.#origin + path;
    const about = {
      index: this.#count++,
      server: data ? 'data' : 'name',
      op: new URL(to).searchParams.get('op') ?? '',
    } as const;
    const cut = (): void => {
      incoming.destroy();
      outgoing.destroy();
    };
    const passes = (when: Passage['when']): boolean => this.keeper({ ...about, when }) === 'pass';
    if (!passes('before')) return cut();
    const headers = { ...incoming.headers, host: new URL(to).host };
    const forward = requestHttp(to, { method: incoming.method ?? 'GET', headers, agent: false });
    forward.once('error', cut);
    incoming.once('error', () => forward.destroy());
    const answered = new Promise<IncomingMessage>((resolve) => forward.once('response', resolve));
    let begun = false;
    try {
      for await (const part of incoming as AsyncIterable<Buffer>) {
        await new Promise((resolve) => forward.write(part, resolve));
        if (begun) continue;
        begun = true;
        if (passes('body')) continue;
        forward.destroy();
        return cut();
      }
    } catch {
      forward.destroy();
      return cut();
    }
    forward.end();
    const answer = await answered;
    const parts: Buffer[] = [];
    for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
    await turn();
    if (!passes('after')) return cut();
    const location = answer.headers.location;
    const passed =
      location === undefined
        ? answer.headers
        : { ...answer.headers, location: `${this.#own}${DATA}${location.replace(/^http:\/\//, '')}` };
    outgoing.writeHead(answer.statusCode ?? 502, { ...passed, connection: 'close' });
    outgoing.end(Buffer.concat(parts));
  }
}
