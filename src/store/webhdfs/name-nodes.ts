import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, type CallAnswer, LostAnswer } from './call.ts';
import { exchange, NoAnswer } from './exchange.ts';
import { hdfsError } from './hdfs-error.ts';
import { pathInside } from './path-inside.ts';
import { parseRemoteException, type RemoteException, remedyOf } from './remote-exception.ts';
import type { WebHdfsPlan } from './web-hdfs-plan.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;

/** The NameNodes of one HDFS. Remembers which one answered last. */
export class NameNodes {
  readonly plan: WebHdfsPlan;
  #active = 0;

  constructor(plan: WebHdfsPlan) {
    this.plan = plan;
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
      const url = urls[this.#active % urls.length] as string;
      const outcome = await this.#ask(url, call, signal);
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

  async #ask(
    base: string,
    call: Call,
    signal: AbortSignal,
  ): Promise<
    { readonly answer: CallAnswer } | { readonly error: unknown; readonly exception: RemoteException | null }
  > {
    const { ca, limits } = this.plan;
    try {
      const { status, location, text } = await exchange(this.urlOf(base, call), {
        method: call.method,
        ca,
        limits,
        signal,
      });
      const exception = status >= 300 && status !== 307 ? parseRemoteException(text) : null;
      if (exception !== null) {
        const error = hdfsError(call, this.plan, exception, 1);
        if (remedyOf(exception) === 'stop') throw error;
        return { error: exception, exception };
      }
      if (status >= 200 && status < 400) return { answer: { status, location, text, url: base } };
      if (status === 401 || status === 403)
        throw hdfsError(call, this.plan, { name: `HTTP ${status}`, message: '' }, 1);
      // A gateway that speaks for a server it cannot reach may have reached it.
      if (!call.repeatable) throw new LostAnswer(call, new Error(`HTTP ${status}`));
      return { error: new Error(`HTTP ${status}`), exception: null };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.sent && !call.repeatable) throw new LostAnswer(call, error);
      return { error, exception: null };
    }
  }

  /** The URL of a call, with user and token: a secret. */
  urlOf(base: string, { op, path, parameters = {} }: Call): URL {
    const url = new URL(base);
    const inside = pathInside(path, this.plan.name);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${inside.split('/').map(encodeURIComponent).join('/')}`;
    const { user, token } = this.plan;
    const query: Record<string, string> = { op, ...parameters };
    if (token !== null) query['delegation'] = token;
    else if (user !== null) query['user.name'] = user;
    url.search = new URLSearchParams(query).toString();
    return url;
  }

  /** Full jitter: anywhere up to a bound that doubles. */
  async #wait(round: number, signal: AbortSignal): Promise<void> {
    const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** round);
    await sleep(Math.random() * bound, undefined, { signal });
  }
}
