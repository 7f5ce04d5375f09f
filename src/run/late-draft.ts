import type { Fragment } from '../flow/fragment.ts';
import type { Draft, Staged } from '../flow/sink.ts';
import type { Abortable } from '../flow/source.ts';

/** A draft that is still being begun: reading and encoding need not wait for it. That it could not be begun, its first step says. */
export class LateDraft implements Draft {
  readonly #draft: Promise<Draft>;

  constructor(draft: Promise<Draft>) {
    this.#draft = draft;
    draft.catch(() => {});
  }

  async write(fragment: Fragment, options: Abortable): Promise<void> {
    await (await this.#draft).write(fragment, options);
  }

  async stage(options: Abortable): Promise<Staged> {
    return (await this.#draft).stage(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const draft = await this.#draft.catch(() => null);
    await draft?.[Symbol.asyncDispose]();
  }
}
