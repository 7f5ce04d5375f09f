import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { WireDecoder } from '../../wire/wire-decoder.ts';
import type { WireFeed } from '../../wire/wire-reader.ts';
import type { ForeignMessage } from '../../wire/wire-shape.ts';
import type { TaskRows } from './task-rows.ts';

const EOF = 0xfe;

/** The rows of one task into the decoder, and an EOF packet behind them: a piece ends as a result does. */
export class RowFeed implements WireFeed {
  readonly #rows: TaskRows;
  #rest: Buffer | null = null;
  #ended = false;

  constructor(rows: TaskRows) {
    this.#rows = rows;
  }

  async fill(decoder: WireDecoder, options: Abortable): Promise<boolean> {
    let bytes = this.#rest;
    if (bytes === null && this.#ended) return false;
    bytes ??= await this.#rows.next(options);
    if (bytes === null) {
      this.#ended = true;
      // whatever was written is decoded: the feed is only asked then
      bytes = Buffer.from([5, 0, 0, decoder.sequence, EOF, 0, 0, 0, 0]);
    }
    for (let next: Buffer | undefined = bytes; next !== undefined; next = this.#rows.ready) {
      const taken = decoder.write(next);
      this.#rest = taken < next.length ? next.subarray(taken) : null;
      if (this.#rest !== null) break;
    }
    return true;
  }

  hear({ type }: ForeignMessage): void {
    if (type !== EOF) throw new AtlasError('ATLAS_DB_PROTOCOL', `a packet that begins with ${type} stands among rows`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rows.leave();
  }
}
