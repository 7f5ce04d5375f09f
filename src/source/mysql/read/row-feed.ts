import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { WireDecoder } from '../../wire/wire-decoder.ts';
import type { WireFeed } from '../../wire/wire-reader.ts';
import type { TaskRows } from './task-rows.ts';

/** The rows of one task into the decoder. */
export class RowFeed implements WireFeed {
  readonly #rows: TaskRows;
  #rest: Buffer | null = null;

  constructor(rows: TaskRows) {
    this.#rows = rows;
  }

  async fill(decoder: WireDecoder, options: Abortable): Promise<boolean> {
    let bytes: Buffer | null | undefined = this.#rest ?? (await this.#rows.next(options));
    if (bytes === null) return false;
    for (; bytes !== undefined; bytes = this.#rows.ready) {
      const taken = decoder.write(bytes);
      this.#rest = taken < bytes.length ? bytes.subarray(taken) : null;
      if (this.#rest !== null) break;
    }
    return true;
  }

  hear(): never {
    throw new AtlasError('ATLAS_DB_PROTOCOL', 'a packet that is no row stands among rows');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rows.leave();
  }
}
