import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Canary, startCanary } from './canary.ts';
import { exceptionOf, type Fault, type FaultKind, type Seen, stepOf } from './fault.ts';

/** When a request that its client has given up reaches its server. */
const LATE_MS = 120;
const DRIP_MS = 100;
const PAGE = '<html><body><h1>The proxy says no</h1></body></html>';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * A proxy in front of a real NameNode and its DataNodes, which are reached through it too (`/via/<host>:<port>/…`). Bytes pass as they
 * are, but where a fault is armed.
 */
export class FaultProxy implements AsyncDisposable {
  /** Every request so far. */
  readonly seen: Seen[] = [];
  readonly canary: Canary;
  readonly #server: Server;
  readonly #nameNode: string;
  readonly #counts = new Map<string, number>();
  #faults: readonly Fault[] = [];
  readonly #late = new Set<Promise<unknown>>();

  private constructor(nameNode: string, canary: Canary) {
    this.#nameNode = nameNode;
    this.canary = canary;
    this.#server = createServer((asked, answer) => {
      for (const each of [asked, answer]) each.on('error', () => {});
      this.#serve(asked, answer).catch(() => answer.destroy());
    });
  }

  /** `nameNode`: where it serves WebHDFS (`http://127.0.0.1:…/webhdfs/v1`). */
  static async start(nameNode: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(nameNode).origin, await startCanary());
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Forgets what was seen and armed before; these faults come from now on. */
  arm(faults: readonly Fault[]): void {
    this.seen.length = 0;
    this.#counts.clear();
    this.#faults = faults;
  }

  /** Resolves when all requests that were delayed have reached the server. */
  async settled(): Promise<void> {
    while (this.#late.size > 0) await Promise.allSettled(this.#late);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled();
    this.#server.closeAllConnections();
    this.#server.close();
    await this.canary[Symbol.asyncDispose]();
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(asked.url ?? '/', this.url);
    const [, node, rest] = /^\/via\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    const to = new URL(`${rest ?? url.pathname}${url.search}`, node === undefined ? this.#nameNode : `http://${node}`);
    const step = stepOf(url.searchParams, node !== undefined);
    const count = this.#counts.get(step) ?? 0;
    this.#counts.set(step, count + 1);
    const found = this.#faults.find((each) => each.step === step && count >= each.at && count < each.at + each.times);
    this.seen.push({ step, path: to.pathname.replace(/^\/webhdfs\/v1/, ''), fault: found?.kind ?? null });
    if (found === undefined) this.#pass(asked, answer, to);
    else await this.#harm(found.kind, asked, answer, to);
  }

  #pass(asked: IncomingMessage, answer: ServerResponse, to: URL): void {
    const onward = request(to, { method: asked.method ?? 'GET', headers: onwards(asked), agent: false }, (said) => {
      answer.writeHead(said.statusCode ?? 502, this.#back(said.headers));
      said.pipe(answer);
      said.on('error', () => answer.destroy());
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  }

  async #harm(kind: FaultKind, asked: IncomingMessage, answer: ServerResponse, to: URL): Promise<void> {
    if (kind === 'early-503') {
      answer.writeHead(503, { 'content-length': PAGE.length, connection: 'close' }).end(PAGE);
      return;
    }
    if (kind === 'reset-request') return await cutRequest(asked, answer, to);
    const body = await gather(asked);
    switch (kind) {
      case 'late': {
        answer.destroy();
        const late = sleep(LATE_MS).then(() => ask(asked, to, body));
        this.#late.add(late);
        late.catch(() => {}).finally(() => this.#late.delete(late));
        return;
      }
      case 'refuse-500':
      case 'refuse-503':
        return say(answer, Number(kind.slice(-3)), 'text/html', PAGE);
      case 'not-found-page':
        return say(answer, 404, 'text/html', PAGE);
      case 'false':
        return say(answer, 200, 'application/json', '{"boolean":false}');
      case 'foreign-redirect':
        answer.writeHead(307, { location: `${this.canary.url}${to.pathname}${to.search}`, 'content-length': 0 }).end();
        return;
      case 'loop-redirect':
        answer.writeHead(307, { location: `${this.url}${asked.url}`, 'content-length': 0 }).end();
        return;
      default: {
        const exception = exceptionOf(kind);
        if (exception !== null) return say(answer, 403, 'application/json', exception);
      }
    }
    spoil(kind, answer, await ask(asked, to, body), (headers) => this.#back(headers));
  }

  /** The headers of an answer, its Location leading through here. */
  #back(headers: IncomingHttpHeaders): IncomingHttpHeaders {
    const { location } = headers;
    if (location === undefined || !location.startsWith('http:')) return headers;
    const to = new URL(location);
    return { ...headers, location: `${this.url}/via/${to.host}${to.pathname}${to.search}` };
  }
}

/** Makes something else of the answer of a server that has done what it was asked. */
function spoil(
  kind: FaultKind,
  answer: ServerResponse,
  { status, headers, body }: Answer,
  back: (headers: IncomingHttpHeaders) => IncomingHttpHeaders,
): void {
  const { 'content-length': _, 'transfer-encoding': __, ...others } = back(headers);
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (kind) {
    case 'drop-answer':
      answer.destroy();
      return;
    case 'reset-answer':
      answer.writeHead(status, { ...others, 'content-length': body.length + 1 });
      answer.write(half, () => answer.destroy());
      answer.flushHeaders();
      return;
    case 'error-500':
    case 'error-503':
      say(answer, Number(kind.slice(-3)), 'text/html', PAGE);
      return;
    case 'truncated':
      answer.writeHead(status, { ...others, 'content-length': half.length }).end(half);
      return;
    case 'nonsense':
      say(answer, 200, 'application/json', '{"answer":[42,null,{"FileStatus":null}]}');
      return;
    case 'false-though-done':
      say(answer, 200, 'application/json', '{"boolean":false}');
      return;
    default:
      drip(answer, `HTTP/1.1 ${status} OK\r\nx-slow: ${'z'.repeat(1_000_000)}`);
  }
}

/** Sends one byte now and then, until nobody listens any more. */
function drip(answer: ServerResponse, text: string): void {
  const { socket } = answer;
  if (socket === null) return;
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++] ?? 'z'), DRIP_MS);
  socket.once('close', () => clearInterval(timer));
}

/** Passes on half of what is sent, then breaks off on both sides. A request without a body never reaches its server. */
async function cutRequest(asked: IncomingMessage, answer: ServerResponse, to: URL): Promise<void> {
  const hasBody = asked.headers['transfer-encoding'] !== undefined;
  if (hasBody) {
    const onward = request(to, { method: asked.method ?? 'GET', headers: onwards(asked), agent: false });
    onward.on('error', () => {});
    const first = await new Promise<Buffer>((resolve) => {
      asked.once('data', resolve);
      asked.once('close', () => resolve(Buffer.alloc(0)));
    });
    await new Promise((resolve) => onward.write(first.subarray(0, Math.ceil(first.length / 2)), resolve));
    onward.destroy();
  }
  answer.destroy();
  asked.destroy();
}

function say(answer: ServerResponse, status: number, type: string, text: string): void {
  answer.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

function onwards({ headers: { host: _, ...headers } }: IncomingMessage): IncomingHttpHeaders {
  return { ...headers, connection: 'close' };
}

async function gather(from: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of from as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

function ask(asked: IncomingMessage, to: URL, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _, ...headers } = onwards(asked);
    const onward = request(to, { method: asked.method ?? 'GET', headers, agent: false }, (said) => {
      gather(said).then(
        (text) => resolve({ status: said.statusCode ?? 502, headers: said.headers, body: text }),
        reject,
      );
    });
    onward.on('error', reject);
    onward.end(body.length > 0 ? body : undefined);
  });
}
