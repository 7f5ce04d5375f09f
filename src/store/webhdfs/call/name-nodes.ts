import { setTimeout as sleep } from 'node:timers/promises';
import { AtlasError } from '../../../errors.ts';
import type { Credentials, Presented, Refusal } from '../credentials/credentials.ts';
import { declaredCredentials } from '../credentials/declared-credentials.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import { type Call, type CallAnswer, LostAnswer, protocolError } from './call.ts';
import { exchange, NoAnswer } from './exchange.ts';
import { hdfsError, isLasting } from './hdfs-error.ts';
import { KeptConnections } from './kept-connections.ts';
import { pathInside } from './path-inside.ts';
import { redact } from './redact.ts';
import { isRefusedToken, parseRemoteException, remedyOf } from './remote-exception.ts';

/** Bound of the first pause, milliseconds; each next one is twice as long. */
const FIRST_WAIT_MS = 200;
/** Attempts where asking again is of little use. */
const FEW = 3;

/** Makes something of an answer. Fails with ATLAS_HDFS_PROTOCOL. */
export type ReadAnswer<T> = (answer: CallAnswer) => T;

/** How asking ended: `cause` may be otherwise when it is asked again. */
type Outcome<T> = { readonly value: T } | { readonly cause: unknown };

/** The NameNodes of one HDFS. Remembers which one answered last. */
export class NameNodes implements Disposable {
  readonly plan: WebHdfsPlan;
  readonly credentials: Credentials;
  readonly #kept = new KeptConnections();
  #active = 0;
  /** Nobody answered the last call. The next one asks once, so that cleaning up after a cluster that is gone needs no patience of its own. */
  #silent = false;

  constructor(plan: WebHdfsPlan, credentials: Credentials = declaredCredentials(plan)) {
    this.plan = plan;
    this.credentials = credentials;
  }

  /** Lets go of connections that are kept for the next call; there may be one all the same. */
  [Symbol.dispose](): void {
    this.#kept[Symbol.dispose]();
  }

  /** The one that answered last. */
  get base(): string {
    return this.plan.urls[this.#active] as string;
  }

  /**
   * Asks every NameNode until one answers, and all of them again after a pause, `attempts` times. Fails with ATLAS_HDFS_* for a
   * RemoteException that will stay (asked once), and with LostAnswer where a call that must not be repeated may have been done.
   */
  async call<T>(call: Call, { signal }: { readonly signal: AbortSignal }, read: ReadAnswer<T>): Promise<T> {
    const attempts = this.#silent ? 1 : this.plan.attempts;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#askAll(call, signal, read);
      this.#silent = false;
      if ('value' in outcome) return outcome.value;
      const { cause } = outcome;
      if (attempt >= (isLasting(cause) ? Math.min(FEW, attempts) : attempts)) {
        this.#silent = cause instanceof NoAnswer;
        throw hdfsError(call, this.plan, cause, attempt);
      }
      await this.pause(attempt, signal);
    }
  }

  /** Where a call that is answered by a redirect is sent on to, not yet judged. Fails as `call` does. */
  locate(call: Call, options: { readonly signal: AbortSignal }): Promise<{ location: string; url: string }> {
    return this.call(call, options, ({ status, location, url }) => {
      if (status === 307 && location !== null) return { location, url };
      throw protocolError(call, `307 with a Location was expected, not ${status}`);
    });
  }

  /** After a failed attempt, the first being 1: at least half of a bound that doubles, the rest by chance. */
  async pause(attempt: number, signal: AbortSignal): Promise<void> {
    const bound = Math.min(this.plan.limits.wait, FIRST_WAIT_MS * 2 ** (attempt - 1));
    await sleep((bound * (1 + Math.random())) / 2, undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  }

  async #askAll<T>(call: Call, signal: AbortSignal, read: ReadAnswer<T>): Promise<Outcome<T>> {
    const { urls } = this.plan;
    const first = this.#active;
    let cause: unknown = null;
    for (let turn = 0; turn < urls.length; turn += 1) {
      signal.throwIfAborted();
      const index = (first + turn) % urls.length;
      const outcome = await this.#ask(urls[index] as string, call, signal, read);
      if ('value' in outcome) {
        this.#active = index;
        return outcome;
      }
      // that a NameNode is on standby says nothing of why the other one does not serve
      if (cause === null || !isStandby(outcome.cause)) cause = outcome.cause;
    }
    return { cause };
  }

  /** Asks one of them; once more where it refused the credentials, and there are others now. */
  async #ask<T>(base: string, call: Call, signal: AbortSignal, read: ReadAnswer<T>): Promise<Outcome<T>> {
    const presented = await this.credentials.present(base, { signal });
    const outcome = await this.#askAs(presented, base, call, signal, read);
    if (!('refusal' in outcome)) return outcome;
    await this.credentials.replace(presented, outcome.refusal, { signal });
    const again = await this.#askAs(await this.credentials.present(base, { signal }), base, call, signal, read);
    if (!('refusal' in again)) return again;
    throw hdfsError(call, this.plan, { name: `HTTP ${again.refusal.status}`, message: again.refusal.reason }, 2);
  }

  async #askAs<T>(
    presented: Presented,
    base: string,
    call: Call,
    signal: AbortSignal,
    read: ReadAnswer<T>,
  ): Promise<Outcome<T> | { readonly refusal: Refusal }> {
    const { ca, limits } = this.plan;
    const { headers } = presented;
    let challenge: string | null = null;
    try {
      const url = this.urlOf(base, call, presented);
      const agent = call.repeatable ? this.#kept.of(url) : null;
      const answer = await exchange(url, { method: call.method, headers, ca, limits, signal, agent });
      challenge = answer.headers['www-authenticate'] ?? null;
      const { status, location, text, reason } = answer;
      if (status < 400) return readOf(call, read, { status, location, text, url: base });
      const said = parseRemoteException(text);
      if (status === 401 || (said === null ? /\bGSSException\b/.test(reason) : isRefusedToken(said)))
        return {
          refusal: {
            call,
            status,
            challenge,
            reason: said === null ? redact(reason) : `${said.name}: ${said.message}`,
          },
        };
      const cause = said ?? { name: `HTTP ${status}`, message: redact(reason) };
      const remedy = remedyOf(cause);
      if (remedy === 'stop') throw hdfsError(call, this.plan, cause, 1);
      if (remedy === 'look' && !call.repeatable) throw new LostAnswer(call, new Error(cause.name));
      return { cause };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.sent && !call.repeatable) throw new LostAnswer(call, error);
      return { cause: error };
    } finally {
      await presented.settle?.(challenge);
    }
  }

  /** The URL of a call, with user or token: a secret. */
  urlOf(base: string, { op, path, parameters = {} }: Call, presented: Presented): URL {
    const url = new URL(base);
    const inside = pathInside(path, this.plan.name);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${inside.split('/').map(encodeURIComponent).join('/')}`;
    url.search = new URLSearchParams({ op, ...parameters, ...presented.query }).toString();
    return url;
  }
}

/** An answer that nobody can read is as good as lost. */
function readOf<T>(call: Call, read: ReadAnswer<T>, answer: CallAnswer): Outcome<T> {
  try {
    return { value: read(answer) };
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    if (!call.repeatable) throw new LostAnswer(call, error);
    return { cause: error };
  }
}

function isStandby(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'StandbyException';
}
