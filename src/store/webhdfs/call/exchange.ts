import { setMaxListeners } from 'node:events';
import { type Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TimeLimits } from '../web-hdfs-plan.ts';

/** What an exchange needs, whoever the server is. */
export interface ExchangeOptions {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly ca: string | null;
  readonly limits: TimeLimits;
  readonly signal: AbortSignal;
  /**
   * Keeps connections from one exchange to the next; null or left out = a connection of its own. Only for what may be sent twice: see
   * `exchange`.
   */
  readonly agent?: Agent | null;
}

/** Why an exchange has no answer. `sent`: the request may have reached the server, so that it may have done what was asked. */
export class NoAnswer extends Error {
  readonly sent: boolean;
  /** Host and port that did not answer, where that is known. */
  readonly host: string | null;
  /** It broke off on a connection that an earlier exchange had left: a server that closes one it holds idle looks like this. */
  readonly stale: boolean;
  constructor(reason: string, sent: boolean, cause?: unknown, host: string | null = null, stale = false) {
    super(reason, { cause });
    this.sent = sent;
    this.host = host;
    this.stale = stale;
  }
}

/** A request on its way. */
export interface Begun {
  readonly request: ClientRequest;
  /** Status and headers. Fails with NoAnswer, or with the signal's reason. */
  readonly answer: Promise<IncomingMessage>;
  /** That the server is there, before a byte is sent. Fails as `answer` does. */
  readonly connected: Promise<void>;
  /** The address that the server's name stood for, where it is known. */
  address(): string | null;
  /**
   * Says that bytes are waited for, for so many milliseconds in all at most; or, by null, that it is our turn: a server is not blamed
   * for a connection on which nobody wrote.
   */
  expect(within: number | null): void;
}

/** Most bytes of an answer that is not a file. */
const MOST_TEXT = 64 * 1024 * 1024;
const KEEP_ALIVE_MS = 30_000;

/** Those of each `ca`, made once: reading all authorities takes tens of milliseconds, and every call has a connection of its own. */
const contexts = new Map<string, SecureContext>();

function contextOf(ca: string): SecureContext {
  const context = contexts.get(ca) ?? createSecureContext({ ca });
  contexts.set(ca, context);
  return context;
}

/** Begins a request; the caller ends it. Its connection is its own, unless there is an agent. */
export function beginRequest(url: URL, options: ExchangeOptions): Begun {
  const { method, headers = {}, ca, limits, signal, agent = null } = options;
  const secure = url.protocol === 'https:';
  const open = secure ? requestHttps : requestHttp;
  setMaxListeners(0, signal); // every open file listens
  const request = open(url, {
    method,
    headers,
    agent: agent ?? false,
    signal,
    ...(secure && ca !== null ? { secureContext: contextOf(ca) } : {}),
  });
  let [isConnected, isExpected, isCut] = [false, true, false];
  const host = url.hostname.replace(/^\[|\]$/g, '');
  let address = isIP(host) === 0 ? null : host;
  let socket: Socket | null = null;
  let message: IncomingMessage | null = null;
  let limit: NodeJS.Timeout | null = null;
  const end = (reason: string): void => {
    isCut = true;
    (message ?? request).destroy(new Error(reason));
  };
  const connecting = setTimeout(() => end(`no connection in ${limits.connect} ms`), limits.connect);
  const connected = new Promise<void>((resolve, reject) => {
    const stand = (): void => {
      isConnected = true;
      clearTimeout(connecting);
      resolve();
    };
    request.once('socket', (taken) => {
      socket = taken;
      taken.setTimeout(isExpected ? limits.idle : 0);
      const onTimeout = (): void => end(`nothing came in ${limits.idle} ms`);
      taken.on('timeout', onTimeout);
      request.once('close', () => taken.off('timeout', onTimeout)); // the next exchange has its own
      if (request.reusedSocket) return stand();
      taken.setKeepAlive(true, KEEP_ALIVE_MS);
      taken.once('lookup', (_error, found: string | undefined) => {
        address = found ?? address;
      });
      taken.once(secure ? 'secureConnect' : 'connect', stand);
    });
    request.once('close', () =>
      reject(signal.aborted ? signal.reason : new NoAnswer('no connection', false, undefined, url.host)),
    );
    request.once('error', (error) => reject(failureOf(error)));
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', (came) => {
      message = came;
      resolve(came);
    });
    request.on('error', (error) => reject(failureOf(error)));
    request.once('close', () => {
      clearTimeout(connecting);
      if (limit !== null) clearTimeout(limit);
      reject(failureOf(new Error('the connection was closed before an answer')));
    });
  });
  const failureOf = (error: unknown): unknown =>
    signal.aborted
      ? signal.reason
      : new NoAnswer(reasonOf(error), isConnected, error, url.host, request.reusedSocket && !isCut && message === null);
  for (const each of [answer, connected]) each.catch(() => {});
  const expect = (within: number | null): void => {
    isExpected = within !== null;
    socket?.setTimeout(isExpected ? limits.idle : 0);
    if (limit !== null) clearTimeout(limit);
    limit = within === null ? null : setTimeout(() => end(`not done in ${Math.round(within)} ms`), within);
  };
  return { request, answer, connected, expect, address: () => address };
}

/** What an exchange whose answer is small came to. */
export interface Exchanged {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
  /** What stands beside the status. */
  readonly reason: string;
  readonly headers: IncomingMessage['headers'];
}

/**
 * A whole exchange whose request and answer are small, within `limits.call`. Where a kept connection breaks off before an answer began, it
 * is done once more, on a connection of its own. Fails with NoAnswer.
 */
export async function exchange(url: URL, options: ExchangeOptions, body: Uint8Array | null = null): Promise<Exchanged> {
  try {
    return await exchangeOnce(url, options, body);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof NoAnswer) || !error.stale) throw error;
  }
  return exchange(url, { ...options, agent: null }, body);
}

async function exchangeOnce(url: URL, options: ExchangeOptions, body: Uint8Array | null): Promise<Exchanged> {
  const { request, answer, expect } = beginRequest(url, options);
  expect(options.limits.call);
  request.end(body ?? undefined);
  const message = await answer;
  const text = await readText(message);
  const { statusCode: status = 0, statusMessage: reason = '', headers } = message;
  return { status, location: headers.location ?? null, text, reason, headers };
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
