import { AtlasError } from '../../../errors.ts';
import type { Abortable, BatchReader, Delivery } from '../../../flow/source.ts';
import type { TaskTally } from '../../../flow/tally.ts';
import type { WireReader } from '../../wire/wire-reader.ts';
import { mayPass } from '../connection/connect.ts';

/**
 * Reads one task. Where the connection is lost before anything of the task was handed over, the task is read again on another one, in the
 * same snapshot; afterwards nobody could tell which rows would come twice.
 */
export class TaskReader implements BatchReader {
  readonly begin = 0;
  readonly #open: () => Promise<WireReader>;
  #reader: WireReader;
  #left: number;
  #delivered = false;
  #disposed = false;

  /** `open` reads the task from its first row; `left`: times it may be called again. */
  constructor(reader: WireReader, open: () => Promise<WireReader>, left: number) {
    this.#reader = reader;
    this.#open = open;
    this.#left = left;
  }

  get bytesRead(): number {
    return this.#reader.bytesRead;
  }

  async next(options: Abortable): Promise<Delivery | null> {
    if (this.#disposed) throw new AtlasError('ATLAS_INTERNAL', 'next was called on a reader that is closed');
    for (;;) {
      try {
        const delivery = await this.#reader.next(options);
        this.#delivered = true;
        return delivery;
      } catch (error) {
        if (this.#delivered || this.#left <= 0 || !mayPass(error) || options.signal.aborted) throw error;
        this.#left -= 1;
        await this.#reader[Symbol.asyncDispose]();
        this.#reader = await this.#reopen(error);
      }
    }
  }

  tally(): TaskTally {
    return this.#reader.tally();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await this.#reader[Symbol.asyncDispose]();
  }

  /** Fails with what the connection was lost by, where it cannot be had again: the snapshot is gone with its server. */
  async #reopen(lost: AtlasError): Promise<WireReader> {
    try {
      return await this.#open();
    } catch (error) {
      throw error instanceof AtlasError && error.code === 'ATLAS_DB_SNAPSHOT' ? lost : error;
    }
  }
}
