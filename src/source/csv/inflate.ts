import type { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AtlasError } from '../../errors.ts';
import type { InputCompression } from './sniff-compression.ts';
import { ZstdFrames } from './zstd-frames.ts';

export interface InflationLimits {
  readonly maxInflatedBytes: number;
  /** Inflated by compressed bytes; not asked of what inflates to less than 8 MiB. */
  readonly maxInflationRatio: number;
}

const RATIO_FLOOR = 8 << 20;
const OUTPUT_BYTES = 1 << 17;

/**
 * Inflates gzip (all members, RFC 1952) or zstd (all frames, RFC 8878); at most one output chunk and one piece of input are held.
 * Zero bytes after the last gzip member are padding; anything else there, and a cut in any place, is an error.
 * Fails with ATLAS_INPUT_COMPRESSION and ATLAS_INPUT_INFLATES.
 */
export async function* inflate(
  kind: Exclude<InputCompression, 'none'>,
  compressed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: InflationLimits,
  path: string,
): AsyncGenerator<Uint8Array> {
  const engine = kind === 'gzip' ? createGunzip({ chunkSize: OUTPUT_BYTES }) : await openZstd();
  const feeder = new Feeder(kind, engine, path);
  const feeding = feeder.feed(compressed);
  feeding.catch((error: unknown) => engine.destroy(error as Error));
  let inflated = 0;
  try {
    for await (const chunk of engine as AsyncIterable<Uint8Array>) {
      inflated += chunk.length;
      checkLimits(inflated, feeder.taken, limits, path);
      yield chunk;
    }
    await feeding;
  } catch (error) {
    if (error instanceof AtlasError || !isEngineError(error)) throw error;
    throw damaged(path, `${(error as Error).message} after ${inflated} inflated bytes`, error);
  } finally {
    engine.destroy();
  }
}

async function openZstd(): Promise<Transform> {
  const { Decompressor } = await import('@cloudpss/zstd');
  return new Decompressor();
}

/** Hands compressed bytes to the engine, one piece at a time, and judges how they end. */
class Feeder {
  readonly #engine: Transform;
  readonly #path: string;
  readonly #frames: ZstdFrames | null;
  #ended = false;
  /** Compressed bytes that the engine was given. */
  taken = 0;
  /** Position after the last byte that is not zero. */
  #lastNonZero = 0;

  constructor(kind: InputCompression, engine: Transform, path: string) {
    this.#engine = engine;
    this.#path = path;
    this.#frames = kind === 'zstd' ? new ZstdFrames(path) : null;
    engine.once('end', () => {
      this.#ended = true;
    });
  }

  async feed(compressed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    for await (const chunk of compressed) {
      for (const piece of this.#frames ? this.#frames.pieces(chunk) : [chunk]) await this.#hand(piece);
    }
    if (this.#frames && !this.#frames.complete) {
      throw damaged(this.#path, `it ends inside a zstd frame, after ${this.taken} bytes`);
    }
    if (!this.#engine.writableEnded) this.#engine.end();
    if (this.#frames) return;
    await this.#untilEnd();
    const read = (this.#engine as unknown as { readonly bytesWritten: number }).bytesWritten;
    if (this.#lastNonZero > read) {
      throw damaged(this.#path, `gzip data ends after ${read} bytes, other bytes go on to ${this.#lastNonZero}`);
    }
  }

  async #hand(piece: Uint8Array): Promise<void> {
    let last = piece.length;
    while (last > 0 && piece[last - 1] === 0) last -= 1;
    if (last > 0) this.#lastNonZero = this.taken + last;
    this.taken += piece.length;
    if (this.#ended) return;
    await new Promise<void>((done, fail) => {
      this.#engine.write(piece, (error) => (error && !this.#ended ? fail(error) : done()));
    });
  }

  #untilEnd(): Promise<void> {
    if (this.#ended || this.#engine.destroyed) return Promise.resolve();
    return new Promise((done) => {
      this.#engine.once('end', done).once('close', done);
    });
  }
}

function checkLimits(inflated: number, compressed: number, limits: InflationLimits, path: string): void {
  const place = { file: path };
  if (inflated > limits.maxInflatedBytes) {
    const message = `${path} inflates to more than ${limits.maxInflatedBytes} bytes (${inflated} so far)`;
    throw new AtlasError('ATLAS_INPUT_INFLATES', message, { place });
  }
  if (inflated > RATIO_FLOOR && inflated > compressed * limits.maxInflationRatio) {
    const message = `${path} inflates ${compressed} bytes to ${inflated}, more than ${limits.maxInflationRatio} to 1`;
    throw new AtlasError('ATLAS_INPUT_INFLATES', message, { place });
  }
}

/** Errors of the engines: zlib's carry a code `Z_…`, zstd's none; those of reading carry a system code. */
function isEngineError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined || code.startsWith('Z_') || code.startsWith('ERR_');
}

function damaged(path: string, reason: string, cause?: unknown): AtlasError {
  return new AtlasError('ATLAS_INPUT_COMPRESSION', `${path}: ${reason}`, {
    place: { file: path },
    ...(cause === undefined ? {} : { cause }),
  });
}
