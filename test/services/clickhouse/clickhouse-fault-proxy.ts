import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClickhouseFault, type ClickhouseRequest, kindOfStatement } from './clickhouse-fault.ts';

/** A request that came through, and what became of it. */
export interface SeenByProxy extends ClickhouseRequest {
  readonly fault: ClickhouseFault['kind'] | null;
  /** What the server answered, whoever heard it; `null` where it was not asked or has not answered yet. */
  status: number | null;
}

/** What happens to a request; a promise holds it back, so that something may be done to the server first. */
export type Keeper = (asked: ClickhouseRequest) => ClickhouseFault | null | Promise<ClickhouseFault | null>;

/**
 * A loopback proxy in front of a ClickHouse's HTTP interface. Everything passes as it comes, but where its keeper says otherwise:
 *
 * ```ts
 * await using proxy = await ClickhouseFaultProxy.open(clickhouse);
 * proxy.keeper = ({ kind, nth }) => (kind === 'insert' && nth === 3 ? { kind: 'lose-answer' } : null);
 * // … a run whose connection says proxy.url …
 * await proxy.settled(); // what was lost or late has been carried out by now
 * ```
 */
export class ClickhouseFaultProxy implements AsyncDisposable {
  readonly seen: SeenByProxy[] = [];
  keeper: Keeper = () => null;
  readonly #server = createServer((asked, answer) => {
    for (const each of [asked, answer]) each.on('error', () => {});
    this.#serve(asked, answer).catch(() => answer.destroy());
  });
  readonly #target: string;
  readonly #pending = new Set<Promise<unknown>>();

  private constructor(target: string) {
    this.#target = target;
  }

  /** Opens a proxy to a server that speaks plain http. */
  static async open({ url }: { readonly url: string }): Promise<ClickhouseFaultProxy> {
    const proxy = new ClickhouseFaultProxy(url);
    proxy.#server.requestTimeout = 0;
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Forgets what was seen, and counts anew. */
  restart(): void {
    this.seen.length = 0;
  }

  /** Resolves when the server has answered all that it was asked, whoever hears it. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.settled();
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(asked.url ?? '/', this.#target);
    const inUrl = url.pathname === '/' ? url.searchParams.get('query') : url.pathname;
    // A statement in the body is short; data stay on their way.
    const read = inUrl === null ? await gather(asked) : null;
    const sql = inUrl ?? read?.toString('utf8') ?? '';
    const kind = kindOfStatement(sql, inUrl !== null);
    const nth = this.seen.filter((each) => each.kind === kind).length;
    const about = { index: this.seen.length, kind, nth, sql, queryId: url.searchParams.get('query_id') };
    const seen: { -readonly [Key in keyof SeenByProxy]: SeenByProxy[Key] } = { ...about, fault: null, status: null };
    this.seen.push(seen);
    const fault = await this.keeper(about);
    seen.fault = fault?.kind ?? null;
    const body = read === null ? asked.iterator({ destroyOnReturn: false }) : [read];
    const forward = (ended?: () => void): Promise<IncomingMessage> => {
      const said = this.#ask(asked, url, body, ended);
      said.then(
        ({ statusCode }) => {
          seen.status = statusCode ?? null;
        },
        () => {},
      );
      return said;
    };
    switch (fault?.kind) {
      case undefined:
        return await pass(await forward(), answer);
      case 'slow': {
        const said = await forward();
        await sleep(fault.ms);
        return await pass(said, answer);
      }
      case 'refuse':
      case 'gateway':
        for await (const _ of body);
        return refuse(fault, answer);
      case 'reset-body':
        await this.#cut(asked, url, body, fault.after);
        return reset(answer);
      case 'late': {
        const parts: Buffer[] = [];
        for await (const part of body) parts.push(part);
        reset(answer);
        return void this.#track(sleep(fault.ms).then(async () => gather(await this.#ask(asked, url, parts))));
      }
      case 'lose-early':
        return void this.#track(gather(await forward(() => void sleep(1).then(() => reset(answer)))));
      default: {
        const said = await forward();
        const whole = await gather(said);
        if (fault?.kind === 'cut-answer') {
          const { 'transfer-encoding': _, ...headers } = said.headers;
          answer.writeHead(said.statusCode ?? 502, { ...headers, 'content-length': whole.length + 1 });
          await new Promise((resolve) => answer.write(whole.subarray(0, whole.length >> 1), resolve));
          answer.flushHeaders();
          await sleep(20);
        }
        return reset(answer);
      }
    }
  }

  /** Asks the server; `ended` is called once it has been given everything. */
  #ask(
    asked: IncomingMessage,
    to: URL,
    body: Iterable<Buffer> | AsyncIterable<Buffer>,
    ended: () => void = () => {},
  ): Promise<IncomingMessage> {
    return this.#track(
      new Promise((resolve, reject) => {
        const onward = request(to, { method: asked.method ?? 'GET', headers: onwards(asked), agent: false }, resolve);
        onward.on('error', reject);
        const send = async (): Promise<void> => {
          let gone = false;
          onward.once('close', () => {
            gone = true;
          });
          for await (const part of body) if (!gone) await write(onward, part);
          onward.end(ended);
        };
        send().catch((error: unknown) => onward.destroy(error as Error));
      }),
    );
  }

  /** Sends so many bytes of the body, never its end, and breaks off. */
  async #cut(
    asked: IncomingMessage,
    to: URL,
    body: Iterable<Buffer> | AsyncIterable<Buffer>,
    after: number,
  ): Promise<void> {
    const headers = { ...onwards(asked), 'transfer-encoding': 'chunked' };
    delete headers['content-length'];
    const onward = request(to, { method: 'POST', headers, agent: false });
    onward.on('error', () => {});
    onward.flushHeaders();
    let left = after;
    for await (const part of body) {
      await write(onward, part.subarray(0, left));
      left -= Math.min(left, part.length);
      if (left === 0) break;
    }
    await sleep(20);
    onward.socket?.resetAndDestroy();
    onward.destroy();
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work);
    work.catch(() => {}).finally(() => this.#pending.delete(work));
    return work;
  }
}

/** Whichever comes first: it was taken, or there is nobody any more. */
function write(onward: ReturnType<typeof request>, part: Buffer): Promise<void> {
  return new Promise((resolve) => {
    onward.once('close', resolve);
    onward.write(part, () => {
      onward.off('close', resolve);
      resolve();
    });
  });
}

function reset(answer: ServerResponse): void {
  answer.socket?.resetAndDestroy();
  answer.destroy();
}

function refuse(fault: ClickhouseFault & { readonly kind: 'refuse' | 'gateway' }, answer: ServerResponse): void {
  if (fault.kind === 'gateway') {
    answer
      .writeHead(fault.status, { 'content-type': 'text/html' })
      .end('<html><body><h1>The proxy says no</h1></body></html>');
    return;
  }
  const said = `Code: ${fault.code}. DB::Exception: Refused by the proxy. (${fault.name}) (version 26.7.2.1 (official build))\n`;
  const headers = { 'content-type': 'text/plain; charset=UTF-8', 'x-clickhouse-exception-code': String(fault.code) };
  answer.writeHead(fault.status ?? 500, headers).end(said);
}

async function pass(said: IncomingMessage, answer: ServerResponse): Promise<void> {
  answer.writeHead(said.statusCode ?? 502, said.headers);
  await new Promise<void>((resolve) => {
    said.on('error', () => answer.destroy());
    said.pipe(answer).once('close', resolve);
  });
}

function onwards({ headers: { host: _, ...headers } }: IncomingMessage): IncomingHttpHeaders {
  return { ...headers, connection: 'close' };
}

async function gather(from: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of from) parts.push(part);
  return Buffer.concat(parts);
}
