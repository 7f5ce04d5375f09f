import { AtlasError } from '../../../errors.ts';

const HEADER = 4;
const EOF = 0xfe;
const ERR = 0xff;
const OK = 0x00;
const LOCAL_INFILE = 0xfb;

/** Takes the packets before the rows of a result one by one: how many columns, what they are, and the EOF behind them. */
export class ResultHead {
  readonly #hand: (packet: Buffer) => void;
  #bytes: Buffer = Buffer.alloc(0);
  #packets = 0;

  /** `hand`: who is given each packet. */
  constructor(hand: (packet: Buffer) => void) {
    this.#hand = hand;
  }

  /**
   * Takes what arrived. Null: more is needed. Else the sequence number of the first row's packet (null where there is no result: an error,
   * or a statement without rows) and what arrived of them. Fails with ATLAS_DB_PROTOCOL where the server asks for a file.
   */
  take(arrived: Buffer): { readonly sequence: number | null; readonly rest: Buffer } | null {
    this.#bytes = this.#bytes.length === 0 ? arrived : Buffer.concat([this.#bytes, arrived]);
    for (;;) {
      const bytes = this.#bytes;
      if (bytes.length <= HEADER) return null;
      const length = bytes.readUIntLE(0, 3);
      if (bytes.length < HEADER + length) return null;
      const packet = bytes.subarray(0, HEADER + length);
      this.#bytes = bytes.subarray(HEADER + length);
      const first = packet[HEADER];
      if (this.#packets === 0 && first === LOCAL_INFILE) {
        throw new AtlasError('ATLAS_DB_PROTOCOL', 'the server asks for a file of this machine, which it will not get');
      }
      this.#hand(packet);
      const none = first === ERR || (this.#packets === 0 && first === OK);
      if (none) return { sequence: null, rest: this.#bytes };
      if (this.#packets > 0 && first === EOF && length < 9) {
        return { sequence: ((packet[3] as number) + 1) & 0xff, rest: this.#bytes };
      }
      this.#packets += 1;
    }
  }
}
