import { AtlasError } from '../../errors.ts';

const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
/** A block inflates to at most 128 KiB, so a piece inflates to at most 1 MiB. */
const BLOCKS_PER_PIECE = 8;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;

type Expecting = 'magic' | 'descriptor' | 'header' | 'block' | 'content' | 'checksum' | 'length' | 'skip';

/**
 * Follows the frames and blocks of zstd data (RFC 8878 §3.1) without decoding them: it knows whether the data may end here, which
 * the decoder does not say, and cuts the data into pieces whose inflated size is bounded, which the decoder does not do.
 */
export class ZstdFrames {
  readonly #path: string;
  #expecting: Expecting = 'magic';
  /** Little-endian number being collected, and how many of its bytes are there. */
  #number = 0;
  #digits = 0;
  /** Bytes of the current part still to pass over. */
  #left = 0;
  #checksum = false;
  #last = false;
  #frames = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** At least one frame was seen, and the last one is complete. */
  get complete(): boolean {
    return this.#frames > 0 && this.#expecting === 'magic' && this.#digits === 0;
  }

  /** Cuts a chunk into pieces. Fails with ATLAS_INPUT_COMPRESSION where neither a frame nor a block can start so. */
  *pieces(chunk: Uint8Array): Generator<Uint8Array> {
    let start = 0;
    let blocks = 0;
    let at = 0;
    while (at < chunk.length) {
      const before = this.#expecting;
      at = this.#step(chunk, at);
      if (before !== 'block' || this.#expecting === 'block') continue;
      blocks += 1;
      if (blocks < BLOCKS_PER_PIECE) continue;
      yield chunk.subarray(start, at);
      start = at;
      blocks = 0;
    }
    if (start < chunk.length) yield chunk.subarray(start);
  }

  #step(chunk: Uint8Array, at: number): number {
    switch (this.#expecting) {
      case 'header':
      case 'content':
      case 'checksum':
      case 'skip':
        return this.#pass(chunk, at);
      case 'magic':
        if (this.#collect(chunk[at] ?? 0, 4)) this.#onMagic(this.#take());
        return at + 1;
      case 'descriptor':
        this.#onDescriptor(chunk[at] ?? 0);
        return at + 1;
      case 'block':
        if (this.#collect(chunk[at] ?? 0, 3)) this.#onBlock(this.#take());
        return at + 1;
      case 'length':
        if (this.#collect(chunk[at] ?? 0, 4)) this.#enter('skip', this.#take());
        return at + 1;
    }
  }

  #pass(chunk: Uint8Array, at: number): number {
    const count = Math.min(this.#left, chunk.length - at);
    this.#left -= count;
    if (this.#left === 0) this.#leave();
    return at + count;
  }

  #collect(byte: number, size: number): boolean {
    this.#number += byte * 2 ** (8 * this.#digits);
    this.#digits += 1;
    return this.#digits === size;
  }

  #take(): number {
    const number = this.#number;
    this.#number = 0;
    this.#digits = 0;
    return number;
  }

  #onMagic(magic: number): void {
    this.#frames += 1;
    if (magic === FRAME) this.#expecting = 'descriptor';
    else if (magic - (magic % 16) === SKIPPABLE) this.#expecting = 'length';
    else this.#fail(`frame ${this.#frames} starts with ${magic.toString(16)}, ${FRAME.toString(16)} is needed`);
  }

  #onDescriptor(descriptor: number): void {
    const single = (descriptor & 0x20) !== 0;
    const flag = descriptor >> 6;
    this.#checksum = (descriptor & 0x04) !== 0;
    const contentSize = flag === 0 ? Number(single) : 2 ** flag;
    this.#enter('header', Number(!single) + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0) + contentSize);
  }

  #onBlock(header: number): void {
    this.#last = (header & 1) === 1;
    const type = (header >> 1) & 3;
    if (type === 3) this.#fail('a block is of the reserved type 3');
    this.#enter('content', type === 1 ? 1 : header >> 3);
  }

  #enter(part: Expecting, bytes: number): void {
    this.#expecting = part;
    this.#left = bytes;
    if (bytes === 0) this.#leave();
  }

  #leave(): void {
    if (this.#expecting === 'header' || (this.#expecting === 'content' && !this.#last)) this.#expecting = 'block';
    else if (this.#expecting === 'content' && this.#checksum) this.#enter('checksum', 4);
    else this.#expecting = 'magic';
  }

  #fail(reason: string): never {
    throw new AtlasError('ATLAS_INPUT_COMPRESSION', `${this.#path} is not whole zstd data: ${reason}`, {
      place: { file: this.#path },
    });
  }
}
