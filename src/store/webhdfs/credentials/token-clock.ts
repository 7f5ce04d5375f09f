/** A token is renewed when half of its interval is over, and replaced when three quarters of its life are: time to try again is left. */
const RENEW_AT = 1 / 2;
const REPLACE_AT = 3 / 4;
const LEAST_WAIT_MS = 1000;
/** How long a token is good that does not say it: Hadoop's default interval. */
const INTERVAL_MS = 86_400_000;

/** When a token is to be renewed or replaced. Pure: times are milliseconds of one clock that never goes back. */
export class TokenClock {
  readonly #replaceAt: number;
  readonly #dies: number;
  /** When its interval ends. */
  #ends: number;
  #renewable = true;
  #failed = false;

  /** `dies` = null where nobody knows. */
  constructor({ born, dies }: { readonly born: number; readonly dies: number | null }) {
    this.#dies = dies ?? Number.POSITIVE_INFINITY;
    this.#replaceAt = born + (this.#dies - born) * REPLACE_AT;
    this.#ends = Math.min(this.#dies, born + INTERVAL_MS);
  }

  /** Renewing does not help any more: it is near the end of its life, or renewing is refused. */
  mustReplace(now: number): boolean {
    return now >= this.#replaceAt || !this.#renewable;
  }

  /** It is good until then. */
  renewed(now: number, until: number): void {
    this.#failed = false;
    this.#ends = Math.min(until, this.#dies);
    // A server that answers a time which is over would be asked without end.
    if (this.#ends <= now) this.#renewable = false;
  }

  /** Neither renewed nor replaced; `retryable` = that may change by itself. */
  failed(retryable: boolean): void {
    this.#failed = true;
    if (!retryable) this.#renewable = false;
  }

  /** Milliseconds until it must be seen to again; null = never: it has ended, and trying on would be for ever. */
  wait(now: number): number | null {
    const left = this.#ends - now;
    if (left <= 0) return null;
    if (this.#failed) return Math.max(LEAST_WAIT_MS, left / 4);
    return Math.max(Math.min(LEAST_WAIT_MS, left * RENEW_AT), Math.min(left * RENEW_AT, this.#replaceAt - now));
  }
}
