import { AtlasError } from '../../errors.ts';
import type { ByteFeed } from './byte-feed.ts';

const READ_BYTES = 1 << 20;

/**
 * The bytes of an input that a parser looks at, in kernel memory. What is shown depends on positions only, never on how fast or in
 * what pieces the input came: a reader that begins at a record sees the same as one that arrives there.
 */
export class Window {
  readonly #bytes: Uint8Array;
  readonly #readBytes: number;
  #feed: ByteFeed | null = null;
  /** Position in the input of the window's first byte. */
  #offset = 0;
  /** Window offsets: the next byte to parse, the end of what is shown, the end of what was read. */
  #start = 0;
  #shown = 0;
  #held = 0;
  #ended = false;

  /** `readBytes`: how much is read and shown at a time, where records are not longer. */
  constructor(bytes: Uint8Array, readBytes = READ_BYTES) {
    this.#bytes = bytes;
    this.#readBytes = Math.min(readBytes, bytes.length);
  }

  get from(): number {
    return this.#start;
  }

  get to(): number {
    return this.#shown;
  }

  /** Nothing follows what is shown. */
  get final(): boolean {
    return this.#ended && this.#shown === this.#held;
  }

  /** Position in the input of the next byte to parse. */
  get position(): number {
    return this.#offset + this.#start;
  }

  /** Position in the input of a window offset. */
  positionOf(offset: number): number {
    return this.#offset + offset;
  }

  /** The window offset of a position, which may lie outside the window. */
  offsetOf(position: number): number {
    return position - this.#offset;
  }

  /** Where a window offset lies in the memory that the window is a part of. */
  addressOf(offset: number): number {
    return this.#bytes.byteOffset + offset;
  }

  /** The bytes at a window offset, as they are now. */
  slice(offset: number, length: number): Uint8Array {
    return this.#bytes.slice(offset, offset + length);
  }

  /** Starts on a feed that stands at `position`, with a full window. */
  async open(feed: ByteFeed, position: number): Promise<void> {
    this.#feed = feed;
    this.#offset = position;
    this.#start = 0;
    this.#shown = 0;
    this.#held = 0;
    this.#ended = false;
    await this.restart();
  }

  pass(count: number): void {
    this.#start += count;
  }

  /** Shows what a reader beginning at `position` would see. */
  async restart(): Promise<void> {
    await this.#show(this.#readBytes);
  }

  /** Shows more after the parser starved; `stuck` = it could pass nothing, so that it needs longer looks, up to the whole window. */
  async refill(stuck: boolean): Promise<void> {
    const tail = this.#shown - this.#start;
    if (tail === this.#bytes.length) {
      throw new AtlasError('ATLAS_INTERNAL', `a window of ${tail} bytes was not enough for one record`);
    }
    const wanted = stuck || 2 * tail > this.#readBytes ? 2 * tail : 0;
    await this.#show(Math.min(this.#bytes.length, Math.max(this.#readBytes, wanted)));
  }

  async #show(wanted: number): Promise<void> {
    this.#bytes.copyWithin(0, this.#start, this.#held);
    this.#offset += this.#start;
    this.#feed?.origin?.forget(this.#offset);
    this.#held -= this.#start;
    this.#start = 0;
    if (this.#held < wanted && !this.#ended && this.#feed) {
      const target = this.#bytes.subarray(this.#held, wanted);
      const answer = this.#feed.fill(target);
      const count = typeof answer === 'number' ? answer : await answer;
      this.#ended = count < target.length;
      this.#held += count;
    }
    this.#shown = Math.min(wanted, this.#held);
  }
}
