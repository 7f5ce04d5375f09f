import { AtlasError } from '../../../errors.ts';
import { NameNodes } from '../call/name-nodes.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import type { Credentials, Presented, Refusal } from './credentials.ts';
import { declaredCredentials } from './declared-credentials.ts';
import { cancelToken, type DelegationToken, getToken, renewToken } from './delegation-token.ts';
import type { KerberosPlan } from './kerberos-plan.ts';
import { spnegoCredentials } from './spnego-credentials.ts';
import { TokenBoard } from './token-board.ts';
import { TokenClock } from './token-clock.ts';

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const CANCEL_MS = 3000;

type Abortable = { readonly signal: AbortSignal };

/**
 * Signs in by Kerberos when the first call is made, and calls with a delegation token from then on. Timers renew the token, which keeps
 * its text, and replace it before its life ends, so that threads which read it from the board need no Kerberos and never see it end.
 * Disposing cancels it.
 */
export class KerberosCredentials implements Credentials {
  readonly #plan: WebHdfsPlan;
  readonly #signIn: NameNodes;
  readonly #board: TokenBoard;
  readonly #over = new AbortController();
  #current: { readonly token: DelegationToken; readonly clock: TokenClock } | null = null;
  #getting: Promise<DelegationToken> | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Those that were replaced: uploads that began with them may still go on. */
  #former: readonly DelegationToken[] = [];

  /** `board` = memory of a `TokenBoard` that other threads read, or null. */
  constructor(plan: WebHdfsPlan, kerberos: KerberosPlan, board: SharedArrayBuffer | null) {
    this.#plan = plan;
    this.#signIn = new NameNodes(plan, spnegoCredentials(plan, kerberos));
    this.#board = new TokenBoard(board ?? undefined);
  }

  async present(_base: string, { signal }: Abortable): Promise<Presented> {
    const { text } = this.#current?.token ?? (await this.#get(signal));
    return { query: { delegation: text }, headers: {} };
  }

  async replace({ query }: Presented, { call, reason }: Refusal, { signal }: Abortable): Promise<void> {
    if (this.#current !== null && this.#current.token.text !== query['delegation']) return;
    try {
      await this.#get(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AtlasError)) throw error;
      const message = `${call.op} ${call.path}: the delegation token of connection ${this.#plan.name} is not accepted any more (${reason}), and there is no new one: ${error.message}`;
      throw new AtlasError(error.code, message, { cause: error, place: { file: call.path }, hint: error.hint });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#over.abort();
    await this.#getting?.catch(() => undefined);
    const tokens = this.#current === null ? this.#former : [...this.#former, this.#current.token];
    this.#current = null;
    this.#former = [];
    const signal = AbortSignal.timeout(CANCEL_MS);
    // What cannot be cancelled ends by itself when its interval is over.
    await Promise.all(tokens.filter(lives).map((token) => this.#cancel(token, { signal }).catch(() => undefined)));
  }

  /** Signs in; whoever asks meanwhile gets the same answer. */
  #get(signal: AbortSignal): Promise<DelegationToken> {
    this.#getting ??= this.#signInAnew().finally(() => {
      this.#getting = null;
    });
    return unlessAborted(this.#getting, signal);
  }

  async #signInAnew(): Promise<DelegationToken> {
    const { signal } = this.#over;
    signal.throwIfAborted();
    const token = await getToken(this.#signIn, { signal });
    if (this.#current !== null) this.#former = [...this.#former, this.#current.token].filter(lives);
    this.#current = { token, clock: new TokenClock(token) };
    this.#board.write(token.text);
    this.#wakeIn(0); // only a renewal tells until when it is good
    return token;
  }

  #wakeIn(milliseconds: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#over.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#tend(), Math.min(milliseconds, LONGEST_TIMER_MS));
    this.#timer.unref();
  }

  /** Renews or replaces the token when its clock says so. Nobody waits for it: a call that is refused says why there is no other. */
  async #tend(): Promise<void> {
    if (this.#current === null) return;
    const { token, clock } = this.#current;
    const { signal } = this.#over;
    try {
      if (clock.mustReplace(performance.now())) {
        await this.#get(signal);
        return;
      }
      clock.renewed(performance.now(), await renewToken(this.#signIn, token, { signal }));
    } catch (error) {
      clock.failed(error instanceof AtlasError && error.retryable);
    }
    const wait = clock.wait(performance.now());
    if (wait !== null && this.#current?.token === token) this.#wakeIn(wait);
  }

  async #cancel(token: DelegationToken, options: Abortable): Promise<void> {
    // A token may end itself: no ticket is needed, which may have ended before it.
    const plan = {
      ...this.#plan,
      token: token.text,
      attempts: Math.min(this.#plan.attempts, 2 * this.#plan.urls.length),
    };
    await cancelToken(new NameNodes(plan, declaredCredentials(plan)), token.text, options);
  }
}

function lives({ dies }: DelegationToken): boolean {
  return dies === null || dies > performance.now();
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
  });
}
