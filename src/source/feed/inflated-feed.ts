import type { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AtlasError } from '../../errors.ts';
import { type ByteFeed, chunksOf } from './byte-feed.ts';
import type { InputCompression } from './sniff-compression.ts';
import { StreamFeed } from './stream-feed.ts';
import { ZstdFrames } from './zstd-frames.ts';

export interface InflationLimits {
  readonly maxInflatedBytes: number;
  /** Inflated by compressed bytes; not asked of what inflates to less than 8 MiB. */
  readonly maxInflationRatio: number;
}

const RATIO_FLOOR = 8 << 20;
const INPUT_BYTES = 1 << 16;
const OUTPUT_BYTES = 1 << 17;

/**
 * Inflates gzip (all members, RFC 1952) or zstd (all frames, RFC 8878); a few chunks are held, however much they inflate to.
 * Zero bytes after the last gzip member are padding; anything else there, and a cut in any place, is an error.
 * `fill` fails with ATLAS_INPUT_COMPRESSION and ATLAS_INPUT_INFLATES.
 */
export class InflatedFeed implements ByteFeed {
  readonly #path: string;
  readonly #raw: ByteFeed;
  readonly #engine: Transform;
  readonly #limits: InflationLimits;
  readonly #signal: AbortSignal;
  readonly #output: StreamFeed;
  readonly #frames: ZstdFrames | null;
  readonly #feeding: Promise<void>;
  #inflated = 0;
  /** Compressed bytes that the engine was given, and the position after the last of them that is not zero. */
  #given = 0;
  #lastNonZero = 0;
  #engineEnded = false;
  #failure: unknown = null;

  private constructor(
    engine: Transform,
    frames: ZstdFrames | null,
    raw: ByteFeed,
    path: string,
    limits: InflationLimits,
    signal: AbortSignal,
  ) {
    this.#engine = engine;
    this.#frames = frames;
    this.#raw = raw;
    this.#path = path;
    this.#limits = limits;
    this.#signal = signal;
    engine.once('end', () => {
      this.#engineEnded = true;
    });
    this.#output = new StreamFeed(engine, signal, (error) => error);
    this.#feeding = this.#feed().catch((error: unknown) => {
      this.#failure ??= error;
      engine.destroy();
    });
  }

  static async open(
    kind: Exclude<InputCompression, 'none'>,
    raw: ByteFeed,
    path: string,
    limits: InflationLimits,
    signal: AbortSignal,
  ): Promise<InflatedFeed> {
    if (kind === 'gzip') {
      return new InflatedFeed(createGunzip({ chunkSize: OUTPUT_BYTES }), null, raw, path, limits, signal);
    }
    const { Decompressor } = await import('@cloudpss/zstd');
    return new InflatedFeed(new Decompressor(), new ZstdFrames(path), raw, path, limits, signal);
  }

  get taken(): number {
    return this.#raw.taken;
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    // Small steps, so that the limits hold while a large window is being filled.
    while (filled < target.length) {
      const step = target.subarray(filled, filled + OUTPUT_BYTES);
      const count = await this.#fillStep(step);
      filled += count;
      if (count < step.length) break;
    }
    return filled;
  }

  async #fillStep(target: Uint8Array): Promise<number> {
    let count: number;
    try {
      count = await this.#output.fill(target);
      if (count < target.length) await this.#feeding;
    } catch (error) {
      this.#signal.throwIfAborted();
      throw this.#explain(this.#failure ?? error);
    }
    if (this.#failure !== null) throw this.#explain(this.#failure);
    this.#inflated += count;
    this.#checkLimits();
    return count;
  }

  async #feed(): Promise<void> {
    for await (const chunk of chunksOf(this.#raw, INPUT_BYTES)) {
      for (const piece of this.#frames ? this.#frames.pieces(chunk) : [chunk]) await this.#give(piece);
    }
    if (this.#frames && !this.#frames.complete) {
      throw this.#damaged(`it ends inside a zstd frame, after ${this.#given} bytes`);
    }
    if (!this.#engine.writableEnded) this.#engine.end();
    if (this.#frames) return;
    await this.#settled();
    const { bytesWritten } = this.#engine as unknown as { readonly bytesWritten: number };
    if (this.#engineEnded && this.#lastNonZero > bytesWritten) {
      throw this.#damaged(`gzip data ends after ${bytesWritten} bytes, other bytes go on to ${this.#lastNonZero}`);
    }
  }

  async #give(piece: Uint8Array): Promise<void> {
    let last = piece.length;
    while (last > 0 && piece[last - 1] === 0) last -= 1;
    if (last > 0) this.#lastNonZero = this.#given + last;
    this.#given += piece.length;
    if (this.#engineEnded) return;
    await new Promise<void>((done, fail) => {
      this.#engine.write(piece, (error) => (error && !this.#engineEnded ? fail(error) : done()));
    });
  }

  /** The engine has given out all it has, or was destroyed. */
  #settled(): Promise<void> {
    if (this.#engineEnded || this.#engine.destroyed) return Promise.resolve();
    return new Promise((done) => {
      this.#engine.once('end', done).once('close', done);
    });
  }

  #checkLimits(): void {
    const { maxInflatedBytes, maxInflationRatio } = this.#limits;
    const inflated = this.#inflated;
    const options = { place: { file: this.#path } };
    if (inflated > maxInflatedBytes) {
      const message = `${this.#path} inflates to more than ${maxInflatedBytes} bytes (${inflated} so far)`;
      throw new AtlasError('ATLAS_INPUT_INFLATES', message, options);
    }
    if (inflated > RATIO_FLOOR && inflated > this.#given * maxInflationRatio) {
      const message = `${this.#path} inflates ${this.#given} bytes to ${inflated}, more than ${maxInflationRatio} to 1`;
      throw new AtlasError('ATLAS_INPUT_INFLATES', message, options);
    }
  }

  /** What the engine says is damage; what the feed below says stays. */
  #explain(error: unknown): unknown {
    if (error instanceof AtlasError) return error;
    return this.#damaged(`${(error as Error).message} after ${this.#inflated} inflated bytes`, error);
  }

  #damaged(reason: string, cause?: unknown): AtlasError {
    return new AtlasError('ATLAS_INPUT_COMPRESSION', `${this.#path}: ${reason}`, {
      place: { file: this.#path },
      ...(cause === undefined ? {} : { cause }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#output[Symbol.asyncDispose]();
    await this.#raw[Symbol.asyncDispose]();
  }
}
