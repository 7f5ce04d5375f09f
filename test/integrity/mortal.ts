import type { Ledger } from '../../src/flow/ledger.ts';
import type { Sink, TargetLock } from '../../src/flow/sink.ts';
import type { Store } from '../../src/store/store.ts';

/** Thrown at and after the moment a run "dies": from then on it can do nothing more, not even clean up. */
export class Killed extends Error {}

/** What the dead left open: kept, so that nothing is closed behind their backs. */
const UNFINISHED: unknown[] = [];

/** A life with a death set at its n-th step; steps before it are recorded. */
export class Life {
  readonly steps: string[] = [];
  #dead = false;
  readonly #dieAt: number;
  readonly #when: 'before' | 'after';

  /** Dies before or after the step of this number takes effect; Infinity = never. */
  constructor(dieAt: number, when: 'before' | 'after') {
    this.#dieAt = dieAt;
    this.#when = when;
  }

  get isOver(): boolean {
    return this.#dead;
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#dead) throw new Killed();
    const here = this.steps.length === this.#dieAt;
    this.steps.push(name);
    if (here && this.#when === 'before') this.#die();
    const result = await work();
    if (here) {
      UNFINISHED.push(result);
      this.#die();
    }
    return result;
  }

  #die(): never {
    this.#dead = true;
    throw new Killed();
  }
}

/** The same thing, every method of it a step of this life. */
export function mortal<T extends Sink | Ledger | TargetLock | Store>(thing: T, life: Life): T {
  return new Proxy(thing, {
    get(target, key) {
      const member = Reflect.get(target, key) as unknown;
      if (typeof member !== 'function') return member;
      if (typeof key === 'symbol') return member.bind(target);
      return (...args: unknown[]) => life.step(key, () => member.apply(target, args) as Promise<unknown>);
    },
  });
}
