import { INVALID, type Progress, type Transcoder } from './transcoder.ts';

/** UTF-16 of either byte order (RFC 2781); a surrogate without its partner is invalid, and so is an odd last byte. */
export class Utf16Transcoder implements Transcoder {
  /** Where in a pair of bytes the low and the high one stand. */
  readonly #low: 0 | 1;
  readonly #high: 0 | 1;

  constructor(order: 'le' | 'be') {
    this.#low = order === 'le' ? 0 : 1;
    this.#high = order === 'le' ? 1 : 0;
  }

  run(source: Uint8Array, target: Uint8Array, limit: number, final: boolean): Progress {
    const low = this.#low;
    const high = this.#high;
    const end = source.length;
    let at = 0;
    let out = 0;
    while (at + 1 < end && out < limit) {
      const unit = (source[at + low] as number) | ((source[at + high] as number) << 8);
      if (unit < 0x80) {
        target[out++] = unit;
      } else if (unit < 0x800) {
        target[out++] = 0xc0 | (unit >> 6);
        target[out++] = 0x80 | (unit & 63);
      } else if (unit < 0xd800 || unit > 0xdfff) {
        target[out++] = 0xe0 | (unit >> 12);
        target[out++] = 0x80 | ((unit >> 6) & 63);
        target[out++] = 0x80 | (unit & 63);
      } else if (unit > 0xdbff) {
        target[out++] = INVALID;
      } else {
        if (at + 3 >= end && !final) break;
        const next = at + 3 < end ? (source[at + 2 + low] as number) | ((source[at + 2 + high] as number) << 8) : 0;
        if (next < 0xdc00 || next > 0xdfff) {
          target[out++] = INVALID;
        } else {
          const code = 0x1_0000 + ((unit & 0x3ff) << 10) + (next & 0x3ff);
          target[out++] = 0xf0 | (code >> 18);
          target[out++] = 0x80 | ((code >> 12) & 63);
          target[out++] = 0x80 | ((code >> 6) & 63);
          target[out++] = 0x80 | (code & 63);
          at += 2;
        }
      }
      at += 2;
    }
    if (final && at + 1 === end && out < limit) {
      target[out++] = INVALID;
      at += 1;
    }
    return { read: at, written: out };
  }
}
