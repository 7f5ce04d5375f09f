/** What a delegation token says about itself, in the open part of it. */
export interface TokenFacts {
  readonly owner: string;
  readonly renewer: string;
  /** Milliseconds since 1970, by the clock of whoever issued it. */
  readonly issueDate: number;
  readonly maxDate: number;
  /** Which of its issuer's tokens it is. */
  readonly sequence: number;
}

/**
 * Reads the identifier in a token's text: base64url of Hadoop's `Token.write`, which begins with the length of the identifier; in it
 * (`AbstractDelegationTokenIdentifier`) version 0, owner, renewer, real user, dates, number. Null where it is not one of these.
 */
export function tokenFacts(token: string): TokenFacts | null {
  try {
    const whole = new Reader(Buffer.from(token, 'base64url'));
    const identifier = new Reader(whole.bytes(whole.integer()));
    if (identifier.byte() !== 0) return null;
    const [owner, renewer] = [identifier.text(), identifier.text()];
    identifier.text();
    const [issueDate, maxDate, sequence] = [identifier.integer(), identifier.integer(), identifier.integer()];
    return { owner, renewer, issueDate, maxDate, sequence };
  } catch {
    return null;
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes.readInt8(this.#at++);
  }

  /** `WritableUtils.readVLong`: small ones in one byte, others after a byte that says their sign and length. */
  integer(): number {
    const first = this.byte();
    if (first >= -112) return first;
    const negative = first < -120;
    let value = 0n;
    for (let left = negative ? -120 - first : -112 - first; left > 0; left -= 1) {
      value = (value << 8n) | BigInt(this.byte() & 0xff);
    }
    return Number(negative ? ~value : value);
  }

  bytes(length: number): Buffer {
    if (length < 0 || this.#at + length > this.#bytes.length) throw new RangeError('it ends before it is whole');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    return this.bytes(this.integer()).toString('utf8');
  }
}
