import { AtlasError } from '../../errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Staging } from './staging.ts';

/** Texts of all columns of the open fragment, one piece for each append. */
export class TextArea {
  readonly #kernel: Kernel;
  readonly #address: number;
  readonly #size: number;
  #used = 0;

  constructor(kernel: Kernel, { text, textBytes }: Staging) {
    this.#kernel = kernel;
    this.#address = text;
    this.#size = textBytes;
  }

  /** Copies bytes of the kernel's memory in; answers where they are now. */
  keep(from: number, length: number): number {
    if (this.#used + length > this.#size) {
      throw new AtlasError(
        'ATLAS_INTERNAL',
        `the texts of a fragment have ${this.#used + length} bytes, there is room for ${this.#size}`,
      );
    }
    const address = this.#address + this.#used;
    this.#kernel.bytes.copyWithin(address, from, from + length);
    this.#used += length;
    return address;
  }

  clear(): void {
    this.#used = 0;
  }
}
