import { AtlasError } from '../../../errors.ts';

/** Who is told what stands in the bytes of a result. */
export interface PacketListener {
  /** Bytes of row packets, headers included, cut anywhere. */
  rows(bytes: Buffer): void;
  /** What follows belongs to the next piece, whose first packet has this sequence number. */
  piece(sequence: number): void;
  /** The packet behind the last row (EOF or ERR), whole, with its header. */
  end(packet: Buffer): void;
}

const HEADER = 4;
const CONTINUED = 0xff_ff_ff;
const ROW = 0x00;
const EOF = 0xfe;
const ERR = 0xff;
const NOTHING = Buffer.alloc(0);

interface Last {
  readonly packet: Buffer;
  filled: number;
}

/**
 * Finds where the rows of a binary result end, and where pieces of it do: looks at the header of each packet and at nothing else. A piece
 * ends with the first row that reaches `pieceBytes`; the last of `pieces` takes what is left.
 */
export class PacketWalker {
  readonly #listener: PacketListener;
  readonly #pieceBytes: number;
  #pieces: number;
  #sequence: number;
  /** Beginning of a packet of which too little came to judge it. */
  #held: Buffer = NOTHING;
  /** Bytes of the packet that are still to come. */
  #left = 0;
  #continued = false;
  /** Bytes of the piece. */
  #taken = 0;
  /** The last packet, and how much of it came. */
  #last: Last | null = null;

  constructor(
    listener: PacketListener,
    sequence: number,
    cut: { readonly pieceBytes: number; readonly pieces: number },
  ) {
    this.#listener = listener;
    this.#sequence = sequence;
    this.#pieceBytes = cut.pieceBytes;
    this.#pieces = cut.pieces;
  }

  /** Takes what arrived; answers what lies behind the end of the result. Fails with ATLAS_DB_PROTOCOL. */
  walk(arrived: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? arrived : Buffer.concat([this.#held, arrived]);
    this.#held = NOTHING;
    if (this.#last !== null) return this.#finish(bytes, 0);
    let start = 0;
    let at = 0;
    for (;;) {
      const step = Math.min(this.#left, bytes.length - at);
      at += step;
      this.#left -= step;
      if (this.#left > 0) break;
      if (this.#taken >= this.#pieceBytes && !this.#continued && this.#pieces > 1) {
        this.#hand(bytes, start, at);
        start = at;
        this.#nextPiece();
      }
      if (bytes.length - at < HEADER) break;
      const length = bytes.readUIntLE(at, 3);
      if (!this.#continued && (length === 0 || bytes.length - at === HEADER)) {
        if (length === 0) throw wrong('an empty packet among rows');
        break;
      }
      const sequence = bytes[at + 3] as number;
      if (sequence !== this.#sequence) throw wrong(`packet ${this.#sequence} was expected, not ${sequence}`);
      const first = bytes[at + HEADER] as number;
      if (!this.#continued && first !== ROW) {
        if (first !== ERR && !(first === EOF && length < 9))
          throw wrong(`a packet that begins with ${first} among rows`);
        this.#hand(bytes, start, at);
        this.#last = { packet: Buffer.alloc(HEADER + length), filled: 0 };
        return this.#finish(bytes, at);
      }
      this.#sequence = (sequence + 1) & 0xff;
      this.#continued = length === CONTINUED;
      this.#taken += HEADER + length;
      this.#left = length;
      at += HEADER;
    }
    this.#hand(bytes, start, at);
    if (at < bytes.length) this.#held = Buffer.from(bytes.subarray(at));
    return NOTHING;
  }

  #hand(bytes: Buffer, start: number, end: number): void {
    if (end > start) this.#listener.rows(bytes.subarray(start, end));
  }

  #nextPiece(): void {
    this.#taken = 0;
    this.#pieces -= 1;
    this.#listener.piece(this.#sequence);
  }

  #finish(bytes: Buffer, at: number): Buffer {
    const last = this.#last as Last;
    const taken = bytes.copy(last.packet, last.filled, at);
    last.filled += taken;
    if (last.filled < last.packet.length) return NOTHING;
    this.#listener.end(last.packet);
    return bytes.subarray(at + taken);
  }
}

function wrong(what: string): AtlasError {
  return new AtlasError('ATLAS_DB_PROTOCOL', `the server sent ${what}`);
}
