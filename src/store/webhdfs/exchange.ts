import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TimeLimits } from './web-hdfs-plan.ts';

/** What an exchange needs, whoever the server is. */
export interface ExchangeOptions {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly ca: string | null;
  readonly limits: TimeLimits;
  readonly signal: AbortSignal;
}

/** Why an exchange has no answer. `sent`: the request may have reached the server, so that it may have done what was asked. */
export class NoAnswer extends Error {
  readonly sent: boolean;
  constructor(reason: string, sent: boolean, cause?: unknown) {
    super(reason, { cause });
    this.sent = sent;
  }
}

/** Most bytes of an answer that is not a file. */
const MOST_TEXT = 64 * 1024 * 1024;

/** Begins a request; the caller ends it. Connections are not shared: a reused one that its server just closed looks like a lost answer. */
export function beginRequest(
  url: URL,
  options: ExchangeOptions,
): { readonly request: ClientRequest; readonly answer: Promise<IncomingMessage> } {
  const { method, headers = {}, ca, limits, signal } = options;
  const secure = url.protocol === 'https:';
  const open = secure ? requestHttps : requestHttp;
  let connected = false;
  let timer: NodeJS.Timeout | null = null;
  const request = open(url, { method, headers, agent: false, signal, ...(secure && ca !== null ? { ca } : {}) });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    const fail = (reason: string, cause?: unknown): void =>
      reject(signal.aborted ? signal.reason : new NoAnswer(reason, connected, cause));
    timer = setTimeout(() => request.destroy(new Error(`no connection in ${limits.connect} ms`)), limits.connect);
    request.once('socket', (socket) => {
      socket.setTimeout(limits.idle, () => request.destroy(new Error(`nothing came in ${limits.idle} ms`)));
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
        if (timer !== null) clearTimeout(timer);
      });
    });
    request.once('response', resolve);
    request.once('error', (error) => fail(reasonOf(error), error));
    request.once('close', () => {
      if (timer !== null) clearTimeout(timer);
      fail('the connection was closed before an answer');
    });
  });
  answer.catch(() => {});
  return { request, answer };
}

/** A whole exchange whose request and answer are small. */
export async function exchange(
  url: URL,
  options: ExchangeOptions,
  body: Uint8Array | null = null,
): Promise<{
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
  /** What stands beside the status. */
  readonly reason: string;
  readonly headers: IncomingMessage['headers'];
}> {
  const limit = AbortSignal.timeout(options.limits.call);
  const signal = AbortSignal.any([options.signal, limit]);
  try {
    const { request, answer } = beginRequest(url, { ...options, signal });
    request.end(body ?? undefined);
    const message = await answer;
    const text = await readText(message);
    return {
      status: message.statusCode ?? 0,
      location: message.headers.location ?? null,
      text,
      reason: message.statusMessage ?? '',
      headers: message.headers,
    };
  } catch (error) {
    options.signal.throwIfAborted();
    if (limit.aborted) throw new NoAnswer(`no whole answer in ${options.limits.call} ms`, true, error);
    throw error;
  }
}

/** The text of an answer. Fails with NoAnswer where it is cut short. */
export async function readText(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of message as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MOST_TEXT) throw new Error(`the answer is longer than ${MOST_TEXT} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw new NoAnswer(`the answer was cut short: ${reasonOf(error)}`, true, error);
  }
  if (!message.complete) throw new NoAnswer('the answer was cut short', true);
  return Buffer.concat(parts).toString('utf8');
}

/** The system's name of an error; never its text, which may hold the URL. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return error instanceof Error && !/https?:/.test(message) ? message : 'the request failed';
}
