import { spawnSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { userInfo } from 'node:os';
import { type RunningProxy, startProxy } from '../services/proxy.ts';

/** How a request is made to fail; each repeats the request's URL and headers wherever a server has room for text. */
export const ECHOES = ['exception', 'class', 'page', 'refusal', 'nonsense', 'elsewhere', 'no-url', 'cut'] as const;
export type Echo = (typeof ECHOES)[number];

/** Which requests fail, and how: an operation (`CREATE`), asked of the NameNode or of a DataNode. */
export interface Trouble {
  readonly op: string;
  readonly at: 'name' | 'data';
  readonly echo: Echo;
}

/** A real HDFS behind a proxy that wants a token in every URL, and writes it into every redirect, as a secured one does. */
export class EchoingHdfs implements AsyncDisposable {
  trouble: Trouble | null = null;
  /** How many requests were made to fail. */
  failed = 0;
  /** Requests that came without the token. */
  strangers = 0;
  /** Arguments of every process of this machine, looked at while a request is under way. */
  arguments = '';
  readonly #token: string;
  #proxy: RunningProxy | null = null;

  private constructor(token: string) {
    this.#token = token;
  }

  static async start(url: string, token: string): Promise<EchoingHdfs> {
    const it = new EchoingHdfs(token);
    it.#proxy = await startProxy({
      route: (asked, answer) => it.#route(new URL(url), asked, answer),
      location: (location) => {
        const to = new URL(location);
        to.searchParams.set('delegation', token);
        return `${it.url}/data/${to.host}${to.pathname}${to.search}`;
      },
    });
    return it;
  }

  get url(): string {
    return this.#proxy?.url ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy?.[Symbol.asyncDispose]();
  }

  #route(nameNode: URL, asked: IncomingMessage, answer: ServerResponse): URL | 'handled' {
    const url = new URL(asked.url ?? '/', this.url);
    if (url.searchParams.get('delegation') !== this.#token) this.strangers += 1;
    const data = /^\/data\/([^/]+)(\/.*)$/.exec(url.pathname);
    const { trouble } = this;
    if (trouble?.op === url.searchParams.get('op') && trouble.at === (data === null ? 'name' : 'data')) {
      this.failed += 1;
      if (this.failed % 8 === 1) this.arguments += spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout;
      asked.resume();
      fail(trouble.echo, `${url.href} ${decodeURIComponent(url.search)} ${this.#token}`, answer);
      return 'handled';
    }
    const to = new URL(data === null ? `${nameNode.origin}${url.pathname}` : `http://${data[1]}${data[2]}`);
    to.search = url.search;
    to.searchParams.delete('delegation');
    to.searchParams.set('user.name', userInfo().username);
    return to;
  }
}

function fail(echo: Echo, text: string, answer: ServerResponse): void {
  const exception = (name: string): string =>
    JSON.stringify({ RemoteException: { exception: name, javaClassName: name, message: `asked for ${text}` } });
  switch (echo) {
    case 'exception':
      answer.writeHead(403).end(exception('AccessControlException'));
      return;
    case 'class':
      answer.writeHead(403).end(exception(text));
      return;
    case 'page':
      answer.writeHead(500, `broken ${text}`).end(`<html><title>${text}</title></html>`);
      return;
    case 'refusal':
      answer
        .writeHead(401, `who is ${text}`, { 'www-authenticate': `Negotiate ${text}` })
        .end(exception('InvalidToken'));
      return;
    case 'nonsense':
      answer.writeHead(200).end(text);
      return;
    case 'elsewhere':
      answer.writeHead(307, { location: `http://elsewhere.example/?${text}`.replaceAll(' ', '+') }).end();
      return;
    case 'no-url':
      answer.writeHead(307, { location: `http://[${text}` }).end();
      return;
    case 'cut':
      answer.writeHead(200, { 'content-length': '100000' });
      answer.write(text, () => answer.destroy());
  }
}
