import type { Encoding } from '../../../metadata/encodings.ts';
import { openTranscoder } from './open-transcoder.ts';
import { SLACK, type Transcoder } from './transcoder.ts';

const GROWTH = 3;

/** Bytes to text for people who guess: as `TextDecoder` does it, U+FFFD for what is not valid, but by the tables that files are read by. */
export interface EncodingDecoder {
  /** `stream`: more bytes follow. A byte order mark is left out. */
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

/** Makes decoders of an encoding. `utf-16` is little-endian here: whoever has seen its mark says which one it is. */
export async function openDecoders(encoding: Encoding): Promise<() => EncodingDecoder> {
  if (encoding === 'utf-8') return () => new TextDecoder();
  const transcoder = await openTranscoder(encoding === 'utf-16' ? 'utf-16le' : encoding);
  return () => new TranscodingDecoder(transcoder);
}

class TranscodingDecoder implements EncodingDecoder {
  readonly #transcoder: Transcoder;
  #carry: Uint8Array = new Uint8Array(0);
  #begun = false;

  constructor(transcoder: Transcoder) {
    this.#transcoder = transcoder;
  }

  decode(bytes: Uint8Array = new Uint8Array(0), { stream = false } = {}): string {
    const source = this.#carry.length === 0 ? bytes : Buffer.concat([this.#carry, bytes]);
    const target = Buffer.alloc(GROWTH * source.length + SLACK);
    const { read, written } = this.#transcoder.run(source, target, GROWTH * source.length, !stream);
    this.#carry = source.slice(read);
    // The byte that stands for what is not valid is not valid in UTF-8 either.
    const text = target.toString('utf8', 0, written);
    const marked = !this.#begun && text.startsWith('\ufeff');
    this.#begun ||= text !== '';
    return marked ? text.slice(1) : text;
  }
}
