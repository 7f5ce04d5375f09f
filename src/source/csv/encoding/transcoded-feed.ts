import { AtlasError } from '../../../errors.ts';
import type { Encoding } from '../../../metadata/encodings.ts';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import type { Origin } from '../../feed/origin.ts';
import { decideEncoding, MARK_BYTES } from './byte-order-mark.ts';
import { openTranscoder } from './open-transcoder.ts';
import { SLACK, type Transcoder } from './transcoder.ts';

/** Bytes of the input that are transcoded at a time. */
const PIECE_BYTES = 1 << 16;
/** No byte of any encoding becomes more than this. */
const GROWTH = 3;
const RETRACE_BYTES = 1 << 12;

/** Whole characters of the input as they were, and where they went. */
interface Piece {
  readonly bytes: Uint8Array;
  /** Position of the first byte in the input, and of what it became in the feed. */
  readonly from: number;
  readonly at: number;
  readonly written: number;
}

/**
 * The bytes of an input in UTF-8. What is not valid in its encoding becomes 0xff, never U+FFFD, so that whoever reads the field sees
 * that it is not text. A byte order mark stays, as that of UTF-8. Keeps the pieces that nobody has forgotten yet (see `Origin`).
 * `fill` fails with ATLAS_CSV_ENCODING where the mark is not that of the encoding.
 */
export class TranscodedFeed implements ByteFeed, Origin {
  readonly #feed: ByteFeed;
  readonly #declared: Exclude<Encoding, 'utf-8'>;
  readonly #path: string;
  readonly #pieceBytes: number;
  #transcoder: Transcoder | null = null;
  #pieces: Piece[] = [];
  readonly #output: Uint8Array;
  /** What of the output was not given out yet. */
  #outputFrom = 0;
  #outputTo = 0;
  /** Read, and not transcoded yet: the start of a character. */
  #carry: Uint8Array = new Uint8Array(0);
  #inputEnded = false;
  #taken = 0;
  #read = 0;
  #written = 0;
  /** Where the last answer of `positionOf` was: position in the feed, and in the input. */
  #asked: { readonly at: number; readonly from: number } = { at: 0, from: 0 };
  readonly #retraced = new Uint8Array(RETRACE_BYTES + SLACK);

  /** `feed` stands at the start of the input; `pieceBytes` is smaller in tests only. */
  constructor(feed: ByteFeed, declared: Exclude<Encoding, 'utf-8'>, path: string, pieceBytes = PIECE_BYTES) {
    this.#feed = feed;
    this.#declared = declared;
    this.#path = path;
    this.#pieceBytes = pieceBytes;
    this.#output = new Uint8Array(GROWTH * (Math.max(pieceBytes, MARK_BYTES) + SLACK) + SLACK);
  }

  get taken(): number {
    return this.#feed.taken;
  }

  get origin(): Origin {
    return this;
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#outputFrom === this.#outputTo && !(await this.#advance())) break;
      const part = this.#output.subarray(this.#outputFrom, this.#outputTo).subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#outputFrom += part.length;
    }
    return filled;
  }

  /** Transcodes the next piece; false at the end of the input. */
  async #advance(): Promise<boolean> {
    do {
      if (this.#inputEnded) return false;
      const size = this.#transcoder ? this.#pieceBytes : Math.max(this.#pieceBytes, MARK_BYTES);
      const bytes = new Uint8Array(this.#carry.length + size);
      bytes.set(this.#carry);
      const room = bytes.subarray(this.#carry.length);
      const count = await this.#feed.fill(room);
      this.#inputEnded = count < room.length;
      this.#taken += count;
      this.#transcode(await this.#transcoderFor(bytes), bytes.subarray(0, this.#carry.length + count));
    } while (this.#outputTo === 0);
    return true;
  }

  async #transcoderFor(bytes: Uint8Array): Promise<Transcoder> {
    if (this.#transcoder) return this.#transcoder;
    const head = bytes.subarray(0, Math.min(MARK_BYTES, this.#taken));
    this.#transcoder = await openTranscoder(decideEncoding(this.#declared, head, this.#path));
    return this.#transcoder;
  }

  #transcode(transcoder: Transcoder, bytes: Uint8Array): void {
    const { read, written } = transcoder.run(bytes, this.#output, GROWTH * bytes.length, this.#inputEnded);
    if (read > 0) {
      this.#pieces.push({ bytes: bytes.subarray(0, read), from: this.#read, at: this.#written, written });
    }
    this.#carry = bytes.slice(read);
    this.#read += read;
    this.#written += written;
    this.#outputFrom = 0;
    this.#outputTo = written;
  }

  endOf(position: number): number {
    return this.positionOf(position);
  }

  positionOf(position: number): number {
    const piece = this.#pieceAt(position);
    const transcoder = this.#transcoder;
    const asked = this.#asked;
    if (piece === undefined || transcoder === null) {
      if (position === this.#written) return this.#read;
      throw this.#lost(position);
    }
    let { at, from } = asked.at >= piece.at && asked.at <= position && asked.from >= piece.from ? asked : piece;
    // Whole characters, most of them many at a time, and none beyond the position.
    for (;;) {
      const limit = Math.min(Math.max(1, position - at - SLACK), RETRACE_BYTES);
      const step = transcoder.run(piece.bytes.subarray(from - piece.from), this.#retraced, limit, true);
      if (step.read === 0 || at + step.written > position) break;
      at += step.written;
      from += step.read;
    }
    this.#asked = { at, from };
    return from;
  }

  slice(from: number, to: number): Uint8Array {
    const parts = this.#pieces
      .filter((piece) => piece.from < to && piece.from + piece.bytes.length > from)
      .map((piece) => piece.bytes.subarray(Math.max(0, from - piece.from), to - piece.from));
    return Buffer.concat(parts);
  }

  forget(position: number): void {
    let gone = 0;
    for (const { at, written } of this.#pieces) {
      if (at + written > position) break;
      gone += 1;
    }
    if (gone > 0) this.#pieces = this.#pieces.slice(gone);
  }

  confirmEnd(position: number): void {
    if (this.#inputEnded && this.#read === this.#taken && position === this.#written) return;
    throw new AtlasError(
      'ATLAS_INTERNAL',
      `${this.#path} ended at ${position} of ${this.#written} bytes, with ${this.#read} of ${this.#taken} bytes transcoded`,
      { place: { file: this.#path } },
    );
  }

  /** The piece that holds the character at a position of the feed. */
  #pieceAt(position: number): Piece | undefined {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const piece = this.#pieces[middle] as Piece;
      if (position < piece.at) high = middle - 1;
      else if (position >= piece.at + piece.written) low = middle + 1;
      else return piece;
    }
    return undefined;
  }

  #lost(position: number): AtlasError {
    return new AtlasError('ATLAS_INTERNAL', `nobody knows where byte ${position} of ${this.#path} came from`, {
      place: { file: this.#path },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#feed[Symbol.asyncDispose]();
  }
}
