import {
  CTX_JSON_LEARN_MOST,
  CTX_JSON_LEARNED,
  CTX_JSON_LEARNED_COUNT,
  CTX_JSON_LEARNED_END,
  CTX_JSON_UNLEARNED,
  NODE_KEY,
  NODE_KEY_LENGTH,
  NODE_SIZE,
} from '../../../kernel/assembly/json-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { JsonMemory } from './json-memory.ts';

/** The keys of lines' own objects that nobody asked for, as the kernel meets them. */
export class LearnedKeys {
  readonly #kernel: Kernel;
  readonly #memory: JsonMemory;
  readonly #names = new Set<string>();
  #incomplete = false;
  #begun = false;

  constructor(kernel: Kernel, memory: JsonMemory) {
    this.#kernel = kernel;
    this.#memory = memory;
  }

  /** Each once, in the order in which they were met first; not all of them where there are very many. */
  get names(): readonly string[] {
    this.gather();
    return [...this.#names];
  }

  /** There were too many to keep them all. */
  get incomplete(): boolean {
    this.gather();
    return this.#incomplete;
  }

  /** Nothing is known any more; the kernel has to begin anew before it meets others. */
  forget(): void {
    this.#names.clear();
    this.#incomplete = false;
    this.#begun = false;
  }

  /** The kernel begins anew, with a tree that knows none of them. */
  begin(): void {
    const { learned, learnedBytes } = this.#memory;
    this.#set(CTX_JSON_LEARNED, learned);
    this.#set(CTX_JSON_LEARNED_END, learned + learnedBytes);
    this.#set(CTX_JSON_LEARNED_COUNT, 0);
    this.#set(CTX_JSON_LEARN_MOST, this.#memory.mostLearned);
    this.#set(CTX_JSON_UNLEARNED, 0);
    this.#begun = true;
  }

  /** Takes over what the kernel has met since it began. */
  gather(): void {
    if (!this.#begun) return;
    const { view, bytes } = this.#kernel;
    const end = view.getUint32(this.#memory.context + CTX_JSON_LEARNED, true);
    for (let at = this.#memory.learned; at < end; ) {
      const [key, length] = [view.getUint32(at + NODE_KEY, true), view.getUint32(at + NODE_KEY_LENGTH, true)];
      const name = Buffer.from(bytes.buffer, key, length).toString();
      if (this.#names.size < this.#memory.mostLearned || this.#names.has(name)) this.#names.add(name);
      else this.#incomplete = true;
      at = (at + NODE_SIZE + length + 31) & ~15;
    }
    if (view.getUint32(this.#memory.context + CTX_JSON_UNLEARNED, true) !== 0) this.#incomplete = true;
  }

  #set(slot: number, value: number): void {
    this.#kernel.view.setUint32(this.#memory.context + slot, value, true);
  }
}
