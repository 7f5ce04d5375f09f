import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, type CallAnswer, LostAnswer } from './call.ts';
import type { Credentials, Presented, Refusal } from './credentials.ts';
import { declaredCredentials } from './declared-credentials.ts';
import { exchange, NoAnswer } from './exchange.ts';
import { hdfsError } from './hdfs-error.ts';
import { pathInside } from './path-inside.ts';
import { redact } from './redact.ts';
import { isRefusedToken, parseRemoteException, type RemoteException, remedyOf } from './remote-exception.ts';
import type { WebHdfsPlan } from './web-hdfs-plan.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;

/** How asking one NameNode ended. */
type Outcome =
  | { readonly answer: CallAnswer }
  | { readonly error: unknown; readonly exception: RemoteException | null }
  | { readonly refusal: Refusal };

/** The NameNodes of one HDFS. Remembers which one answered last. */
export class NameNodes {
  readonly plan: WebHdfsPlan;
  readonly credentials: Credentials;
  #active = 0;

  constructor(plan: WebHdfsPlan, credentials: Credentials = declaredCredentials(plan)) {
    this.plan = plan;
    this.credentials = credentials;
  }

  /** The one that answered last. */
  get base(): string {
    const { urls } = this.plan;
    return urls[this.#active % urls.length] as string;
  }

  /**
   * Asks until somebody answers: the next NameNode where one is on standby or cannot be reached, after a jittered wait where all
   * are or the cluster asks for patience. Fails with ATLAS_HDFS_* for a RemoteException that will stay, with LostAnswer where a call
   * that must not be repeated may have been done.
   */
  async call(call: Call, { signal }: { readonly signal: AbortSignal }): Promise<CallAnswer> {
    const { urls, attempts } = this.plan;
    let last: unknown = null;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      signal.throwIfAborted();
      // Every NameNode is asked before there is a wait.
      if (attempt > 0 && attempt % urls.length === 0) await this.#wait(attempt / urls.length, signal);
      const outcome = await this.#ask(this.base, call, signal);
      if ('answer' in outcome) return outcome.answer;
      last = outcome.error;
      if (outcome.exception !== null && remedyOf(outcome.exception) === 'wait') {
        await this.#wait(attempt + 1, signal);
        continue;
      }
      this.#active += 1;
    }
    throw hdfsError(call, this.plan, last, attempts);
  }

  /** Asks one of them; once more where it refused the credentials, and there are others now. */
  async #ask(base: string, call: Call, signal: AbortSignal): Promise<Exclude<Outcome, { readonly refusal: Refusal }>> {
    const presented = await this.credentials.present(base, { signal });
    const outcome = await this.#askAs(presented, base, call, signal);
    if (!('refusal' in outcome)) return outcome;
    await this.credentials.replace(presented, outcome.refusal, { signal });
    const again = await this.#askAs(await this.credentials.present(base, { signal }), base, call, signal);
    if (!('refusal' in again)) return again;
    throw hdfsError(call, this.plan, { name: `HTTP ${again.refusal.status}`, message: again.refusal.reason }, 2);
  }

  async #askAs(presented: Presented, base: string, call: Call, signal: AbortSignal): Promise<Outcome> {
    const { ca, limits } = this.plan;
    let challenge: string | null = null;
    try {
      const { status, location, text, reason, headers } = await exchange(this.urlOf(base, call, presented), {
        method: call.method,
        headers: presented.headers,
        ca,
        limits,
        signal,
      });
      challenge = headers['www-authenticate'] ?? null;
      const exception = status >= 300 && status !== 307 ? parseRemoteException(text) : null;
      if (status === 401 || (exception !== null && isRefusedToken(exception)))
        return { refusal: { call, status, challenge, reason: exception?.message ?? redact(reason) } };
      if (exception !== null) {
        const error = hdfsError(call, this.plan, exception, 1);
        if (remedyOf(exception) === 'stop') throw error;
        return { error: exception, exception };
      }
      if (status >= 200 && status < 400) return { answer: { status, location, text, url: base } };
      if (status === 403) throw hdfsError(call, this.plan, { name: `HTTP ${status}`, message: redact(reason) }, 1);
      // A gateway that speaks for a server it cannot reach may have reached it.
      if (!call.repeatable) throw new LostAnswer(call, new Error(`HTTP ${status}`));
      return { error: new Error(`HTTP ${status}`), exception: null };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.sent && !call.repeatable) throw new LostAnswer(call, error);
      return { error, exception: null };
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

  /** Full jitter: anywhere up to a bound that doubles. */
  async #wait(round: number, signal: AbortSignal): Promise<void> {
    const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** round);
    await sleep(Math.random() * bound, undefined, { signal });
  }
}
