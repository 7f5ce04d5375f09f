import type { TargetLock } from '../flow/sink.ts';

/**
 * A target that is being made ready: locked, what earlier runs left open settled, looked at. Reading need not wait for it, publishing
 * does. Disposing gives the lock back.
 */
export class Ground implements AsyncDisposable {
  readonly #held: Promise<TargetLock>;
  readonly #ready: Promise<TargetLock>;

  private constructor(held: Promise<TargetLock>, settle: (lock: TargetLock) => Promise<void>) {
    this.#held = held;
    this.#ready = held.then(async (lock) => {
      await settle(lock);
      return lock;
    });
    this.#ready.catch(() => {});
  }

  /** `hold` takes the lock, `settle` does the rest under it; where that fails, so does `ready`. */
  static begin(hold: () => Promise<TargetLock>, settle: (lock: TargetLock) => Promise<void>): Ground {
    return new Ground(hold(), settle);
  }

  /** The lock, once all is ready. Fails with what kept it from being so. */
  ready(): Promise<TargetLock> {
    return this.#ready;
  }

  /** What kept it from being ready, or null. */
  async failure(): Promise<{ readonly error: unknown } | null> {
    return await this.#ready.then(
      () => null,
      (error: unknown) => ({ error }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.failure();
    const lock = await this.#held.catch(() => null);
    await lock?.[Symbol.asyncDispose]();
  }
}
