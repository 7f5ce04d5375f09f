import type { Schema } from '../../src/batch/schema.ts';
import { parquetReserve } from '../../src/encode/parquet/arena.ts';
import type { EncodePlan } from '../../src/encode/parquet/encode-plan.ts';
import { openParquetEncoder } from '../../src/encode/parquet/encoder.ts';
import { ParquetFileWriter } from '../../src/encode/parquet/file-writer.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { buildBatch, type Cell } from './build-batch.ts';

export interface WriteOptions extends Partial<EncodePlan['destination']> {
  /** Rows of each append; the default is all at once. */
  readonly batchRows?: number;
  /** Rows of each row group. */
  readonly groupRows?: number;
}

/** A plan as the encoder needs it. */
export function encodePlan(schema: Schema, options: WriteOptions = {}): EncodePlan {
  return {
    ocs: 'group',
    dataset: 'set',
    schema,
    hash: 'f'.repeat(64),
    destination: {
      compression: options.compression ?? 'snappy',
      compressionLevel: options.compressionLevel ?? null,
      encodings: options.encodings ?? 'auto',
      rowGroupRows: options.rowGroupRows ?? 1_000_000,
      pageBytes: options.pageBytes ?? 1024 * 1024,
    },
  };
}

/** Bytes of a Parquet file with the given columns. */
export async function writeParquet(
  schema: Schema,
  columns: readonly (readonly Cell[])[],
  options: WriteOptions = {},
): Promise<Buffer> {
  const plan = encodePlan(schema, options);
  const rows = columns[0]?.length ?? 0;
  const cells = columns.reduce(
    (sum, column) =>
      sum +
      column.reduce<number>(
        (bytes, cell) =>
          bytes +
          24 +
          (typeof cell === 'string' ? cell.length * 3 : 0) +
          (cell instanceof Uint8Array ? cell.length : 0),
        0,
      ),
    0,
  );
  const kernel = await Kernel.open(parquetReserve(plan) + cells + columns.length * 1024 + 1_000_000);
  using encoder = await openParquetEncoder(plan, kernel);
  const batch = buildBatch(kernel, schema, columns);
  const writer = new ParquetFileWriter(plan);
  const parts: Uint8Array[] = [writer.begin()];
  const group = options.groupRows ?? Math.max(rows, 1);
  const step = options.batchRows ?? group;
  for (let start = 0; start < rows; start += group) {
    const end = Math.min(rows, start + group);
    for (let from = start; from < end; from += step) encoder.append(batch, from, Math.min(end, from + step));
    const fragment = encoder.finish();
    if (fragment) parts.push(...writer.place(structuredClone(fragment)));
  }
  parts.push(writer.end());
  return Buffer.concat(parts);
}
