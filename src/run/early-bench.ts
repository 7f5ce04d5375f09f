import type { Workbench } from './workbench.ts';

/** A workbench that is opened while the target is being locked. That it could not be opened is said to whoever takes it. */
export class EarlyBench implements AsyncDisposable {
  #opening: Promise<Workbench> | null;

  constructor(opening: Promise<Workbench>) {
    this.#opening = opening;
    opening.catch(() => {});
  }

  /** Hands it over, once; from then on it is the caller's to dispose. */
  take(): Promise<Workbench> | null {
    const opening = this.#opening;
    this.#opening = null;
    return opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const bench = await this.take()?.catch(() => null);
    await bench?.[Symbol.asyncDispose]();
  }
}
