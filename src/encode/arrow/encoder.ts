import type { Batch } from '../../batch/batch.ts';
import { rawBytesOf } from '../../batch/raw-bytes.ts';
import { AtlasError } from '../../errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { ArrowFacts } from './arrow-facts.ts';
import type { ArrowPlan } from './arrow-plan.ts';
import { type BufferCodec, bufferCodecBytes, openBufferCodec } from './buffer-codec.ts';
import { ColumnStage } from './column-stage.ts';
import { recordBatchMessage } from './record-batch-message.ts';
import { largestBuffer, openStaging, type Staging, stagingBytes } from './staging.ts';
import { TextArea } from './text-area.ts';

/** Rows as one RecordBatch message: a `Fragment` whose facts are Arrow's. */
export interface EncodedMessages {
  readonly rows: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rawBytes: number;
  readonly partition: string | null;
  readonly facts: ArrowFacts;
}

interface Parts {
  readonly kernel: Kernel;
  readonly staging: Staging;
  readonly columns: readonly ColumnStage[];
  readonly texts: TextArea;
  readonly codec: BufferCodec | null;
  readonly scratch: number;
}

/** Turns batches into Arrow IPC messages: the same rows make the same bytes, whatever batches they came in. */
export class ArrowEncoder implements Disposable {
  readonly #parts: Parts;
  #rows = 0;
  #rawBytes = 0;

  /** Use `openArrowEncoder`. */
  constructor(parts: Parts) {
    this.#parts = parts;
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

  /**
   * Appends rows `from` to `to` (exclusive); the batch must lie in this encoder's kernel, and may be released afterwards. Fails with
   * ATLAS_INTERNAL where the plan's bounds are exceeded.
   */
  append(batch: Batch, from: number, to: number): void {
    const { kernel, columns, staging } = this.#parts;
    if (batch.kernel !== kernel || batch.columns.length !== columns.length) {
      throw new AtlasError(
        'ATLAS_INTERNAL',
        `a batch of ${batch.columns.length} columns met an encoder of ${columns.length}, or another kernel's`,
      );
    }
    if (from >= to) return;
    const rows = this.#rows + to - from;
    if (rows > staging.rows) {
      throw new AtlasError('ATLAS_INTERNAL', `a fragment of ${rows} rows, there is room for ${staging.rows}`);
    }
    for (const [index, column] of columns.entries()) column.append(batch.columns[index]!, from, to, this.#rows);
    this.#rawBytes += rawBytesOf(batch, from, to);
    this.#rows = rows;
  }

  /** Ends the message; null where nothing was appended since the last one. */
  finish(): EncodedMessages | null {
    if (this.#rows === 0) return null;
    const { columns, kernel, codec, scratch } = this.#parts;
    const rows = this.#rows;
    const bytes = recordBatchMessage(
      rows,
      columns.map((column) => ({ nulls: column.nulls, buffers: column.buffers(rows) })),
      { kernel, codec, scratch },
    );
    const messages = [{ offset: 0, bytes: bytes.byteLength, rows }];
    const fragment: EncodedMessages = {
      rows,
      bytes,
      rawBytes: this.#rawBytes,
      partition: null,
      facts: { format: 'arrow', rows, messages },
    };
    this.#clear();
    return fragment;
  }

  [Symbol.dispose](): void {
    this.#clear();
  }

  #clear(): void {
    for (const column of this.#parts.columns) column.clear();
    this.#parts.texts.clear();
    this.#rows = 0;
    this.#rawBytes = 0;
  }
}

/** Bytes of kernel memory that an encoder of this plan allocates. */
export function arrowReserve(plan: ArrowPlan): number {
  const largest = largestBuffer(plan);
  const scratch = plan.compression === 'none' ? 0 : largest;
  return stagingBytes(plan) + scratch + Math.ceil(bufferCodecBytes(plan, largest)) + 4096;
}

/**
 * Opens an encoder in a kernel whose arena has `arrowReserve(plan)` bytes left. Everything it needs is allocated here,
 * once.
 */
export async function openArrowEncoder(plan: ArrowPlan, kernel: Kernel): Promise<ArrowEncoder> {
  const staging = openStaging(plan, kernel);
  const texts = new TextArea(kernel, staging);
  const columns = plan.schema.fields.map(
    (field, index) => new ColumnStage(kernel, field, staging.columns[index]!, texts),
  );
  const largest = largestBuffer(plan);
  const codec = await openBufferCodec(plan, kernel, largest);
  const scratch = codec === null ? 0 : kernel.allocate(largest);
  return new ArrowEncoder({ kernel, staging, columns, texts, codec, scratch });
}
