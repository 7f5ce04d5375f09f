import type { Batch } from '../../batch/batch.ts';
import { rawBytesOf } from '../../batch/raw-bytes.ts';
import { AtlasError } from '../../errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { planArena } from './arena.ts';
import { type Chunk, ChunkBuilder } from './chunk-builder.ts';
import { openCodec } from './codec.ts';
import type { EncodePlan } from './encode-plan.ts';
import { openColumn } from './open-column.ts';
import { placeChunk } from './place-chunk.ts';
import type { ChunkFacts, RowGroupFacts } from './row-group-facts.ts';

/** Batches that a row group usually has: a guess for the choice of encoding only. */
const USUAL_BATCHES = 64;

/** A row group, encoded: a `Fragment` whose facts are Parquet's. */
export interface EncodedRowGroup {
  readonly rows: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rawBytes: number;
  readonly partition: string | null;
  readonly facts: RowGroupFacts;
}

/** Turns batches into Parquet row groups: the same rows in the same appends make the same bytes. */
export class ParquetEncoder implements Disposable {
  readonly #kernel: Kernel;
  readonly #builders: readonly ChunkBuilder[];
  readonly #rowGroupRows: number;
  #rows = 0;
  #rawBytes = 0;

  /** Use `openParquetEncoder`. */
  constructor(kernel: Kernel, builders: readonly ChunkBuilder[], rowGroupRows: number) {
    this.#kernel = kernel;
    this.#builders = builders;
    this.#rowGroupRows = rowGroupRows;
  }

  /** Rows appended since the last `finish`. */
  get rows(): number {
    return this.#rows;
  }

  /** Bytes of their values in Arrow layout, without validity. */
  get rawBytes(): number {
    return this.#rawBytes;
  }

  /** What rows `from` to `to` (exclusive) would add to `rawBytes`. */
  measure(batch: Batch, from: number, to: number): number {
    return rawBytesOf(batch, from, to);
  }

  /** Appends rows `from` to `to` (exclusive); the batch must lie in this encoder's kernel, and may be released afterwards. */
  append(batch: Batch, from: number, to: number): void {
    if (batch.kernel !== this.#kernel || batch.columns.length !== this.#builders.length) {
      throw new AtlasError(
        'ATLAS_INTERNAL',
        `a batch of ${batch.columns.length} columns met an encoder of ${this.#builders.length}, or another kernel's`,
      );
    }
    if (from >= to) return;
    if (this.#rows === 0) {
      const expected = Math.min(this.#rowGroupRows, (to - from) * USUAL_BATCHES, 0x7fffffff);
      for (const builder of this.#builders) builder.begin(expected);
    }
    for (const [index, builder] of this.#builders.entries()) builder.append(batch.columns[index]!, from, to);
    this.#rawBytes += rawBytesOf(batch, from, to);
    this.#rows += to - from;
  }

  /** Ends the row group; null where nothing was appended since the last one. */
  finish(): EncodedRowGroup | null {
    if (this.#rows === 0) return null;
    const chunks: Chunk[] = this.#builders.map((builder) => builder.finish());
    const size = chunks.reduce((sum, chunk) => sum + chunkBytes(chunk), 0);
    const bytes = new Uint8Array(size);
    const columns: ChunkFacts[] = [];
    let offset = 0;
    for (const [index, chunk] of chunks.entries()) {
      const facts = placeChunk(chunk, this.#builders[index]!, bytes, offset);
      offset += facts.compressed;
      columns.push(facts);
    }
    const group: EncodedRowGroup = {
      rows: this.#rows,
      bytes,
      rawBytes: this.#rawBytes,
      partition: null,
      facts: { format: 'parquet', rows: this.#rows, columns },
    };
    this.#rows = 0;
    this.#rawBytes = 0;
    return group;
  }

  [Symbol.dispose](): void {
    this.#rows = 0;
  }
}

function chunkBytes(chunk: Chunk): number {
  const dictionary = chunk.dictionary ? chunk.dictionary.header.byteLength + chunk.dictionary.body.byteLength : 0;
  return chunk.pages.reduce((sum, page) => sum + page.header.byteLength + page.body.byteLength, dictionary);
}

/**
 * Opens an encoder in a kernel whose arena has `parquetReserve(plan)` bytes left. Everything it needs is allocated here,
 * once.
 */
export async function openParquetEncoder(plan: EncodePlan, kernel: Kernel): Promise<ParquetEncoder> {
  const codec = await openCodec(plan.destination);
  const arena = planArena(plan);
  const scratch = kernel.allocate(arena.scratchBytes);
  const scratchPage = kernel.allocate(arena.scratchPageBytes);
  const compatible = plan.destination.encodings === 'compatible';
  const builders = plan.schema.fields.map((field, index) => {
    const { physical, state } = openColumn(field, kernel, arena.columns[index]!, { scratch, scratchPage, compatible });
    return new ChunkBuilder(field, physical, kernel, state, { codec, compatible });
  });
  return new ParquetEncoder(kernel, builders, plan.destination.rowGroupRows);
}
