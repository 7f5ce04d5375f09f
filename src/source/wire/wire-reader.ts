import { AtlasError } from '../../errors.ts';
import type { Abortable, BatchReader, Delivery, ReadOptions } from '../../flow/source.ts';
import type { TaskTally } from '../../flow/tally.ts';
import type { WireDecoder } from './wire-decoder.ts';
import type { ForeignMessage } from './wire-shape.ts';

/** Where the bytes of a task's rows come from: one or several results, one after the other. */
export interface WireFeed extends AsyncDisposable {
  /**
   * Writes bytes that arrived to the decoder, waiting for them where there are none: true once some were written. False where
   * nothing follows in this task; a feed that goes on with another result calls `begin` of the decoder, with `goOn`, before it writes.
   */
  fill(decoder: WireDecoder, options: Abortable): Promise<boolean>;
  /** A message that is no row. The rows before it were delivered; bytes behind it are still in the decoder, `rest` takes them out. */
  hear(message: ForeignMessage, decoder: WireDecoder): Promise<void> | void;
}

/** Reads the batches of one task from a feed, and counts. The decoder stands at the begin of the task's first result. */
export class WireReader implements BatchReader {
  readonly begin = 0;
  readonly #decoder: WireDecoder;
  readonly #feed: WireFeed;
  readonly #rejectLimit: number;
  #leased = false;
  #state: 'reading' | 'ended' | 'disposed' = 'reading';
  #stopped = false;

  constructor(decoder: WireDecoder, feed: WireFeed, { rejectLimit }: Pick<ReadOptions, 'rejectLimit'>) {
    this.#decoder = decoder;
    this.#feed = feed;
    this.#rejectLimit = rejectLimit;
  }

  /** Bytes of row messages taken so far. */
  get bytesRead(): number {
    const { header, row, reject } = this.#decoder.spans;
    return header + row + reject;
  }

  /** Fails with ATLAS_DB_PROTOCOL where the rows end inside one, and with what the feed fails with. */
  async next({ signal }: Abortable): Promise<Delivery | null> {
    if (this.#leased) throw new AtlasError('ATLAS_INTERNAL', 'next was called before the batch was released');
    if (this.#state === 'disposed')
      throw new AtlasError('ATLAS_INTERNAL', 'next was called on a reader that is closed');
    while (this.#state === 'reading') {
      signal.throwIfAborted();
      const decoded = this.#decoder.next(this.#rejectLimit);
      if (decoded === null) {
        if (!(await this.#feed.fill(this.#decoder, { signal }))) this.#end();
      } else if (decoded.kind === 'message') {
        await this.#feed.hear(decoded, this.#decoder);
      } else {
        const { batch, rejects, stopped } = decoded;
        this.#stopped = stopped;
        if (stopped) this.#state = 'ended';
        this.#leased = true;
        const release = (): void => {
          if (!this.#leased) return;
          this.#leased = false;
          batch.release();
        };
        return { batch: { ...batch, release }, rejects, packed: [] };
      }
    }
    return null;
  }

  tally(): TaskTally {
    if (this.#state === 'reading') throw new AtlasError('ATLAS_INTERNAL', 'tally was called before next answered null');
    const { rows, rejected, spans } = this.#decoder;
    return {
      begin: 0,
      end: spans.header + spans.row + spans.reject,
      lines: rows + rejected,
      rowsRead: rows + rejected,
      rowsRejected: rejected,
      spans,
      stopped: this.#stopped,
    };
  }

  #end(): void {
    if (this.#decoder.pending) throw new AtlasError('ATLAS_DB_PROTOCOL', 'the rows end inside a row');
    this.#state = 'ended';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'disposed';
    await this.#feed[Symbol.asyncDispose]();
  }
}
