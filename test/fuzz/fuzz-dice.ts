/** Seeded random numbers (splitmix32): the same on every machine, and independent streams from neighbouring seeds. */
export class FuzzDice {
  #state: number;

  constructor(seed: number, stream = 0) {
    this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35)) >>> 0;
    this.next();
  }

  /** A number from 0 to 2^32 − 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** A number from 0 to `sides` − 1. */
  roll(sides: number): number {
    return Math.floor((this.next() / 2 ** 32) * sides);
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.roll(times) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.roll(from.length)] as T;
  }

  /** A number from 1 to `most`, small ones likelier. */
  size(most: number): number {
    return 1 + Math.min(most - 1, Math.floor((most + 1) ** (this.next() / 2 ** 32)) - 1);
  }
}
