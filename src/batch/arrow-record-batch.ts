import { type Data, makeData, RecordBatch, Struct } from 'apache-arrow';
import { arrowSchema } from './arrow-schema.ts';
import { arrowType } from './arrow-type.ts';
import type { Batch, BatchColumn } from './batch.ts';
import type { Field } from './schema.ts';
import { storageOf } from './storage.ts';

/** Bytes copied out of the kernel's memory, on a boundary fit for any typed array. */
function copy(batch: Batch, address: number, length: number): Uint8Array<ArrayBuffer> {
  return batch.kernel.bytes.slice(address, address + length);
}

function columnData(batch: Batch, field: Field, column: BatchColumn): Data {
  const { rows } = batch;
  const storage = storageOf(field.type);
  const common = {
    type: arrowType(field.type),
    length: rows,
    nullCount: column.nullCount,
    nullBitmap: column.nullCount > 0 ? copy(batch, column.validity, Math.ceil(rows / 8)) : undefined,
  };
  if (storage.kind === 'bytes') {
    const valueOffsets = new Int32Array(copy(batch, column.values, (rows + 1) * 4).buffer);
    return makeData({ ...common, valueOffsets, data: copy(batch, column.data, valueOffsets[rows]!) } as never);
  }
  const bytes = copy(batch, column.values, storage.kind === 'bits' ? Math.ceil(rows / 8) : rows * storage.width);
  const Values = (common.type as unknown as { readonly ArrayType: new (buffer: ArrayBuffer) => unknown }).ArrayType;
  return makeData({ ...common, data: storage.kind === 'bits' ? bytes : new Values(bytes.buffer) } as never);
}

/** A batch as an Arrow record batch of its own memory: it stays valid after `release()`. */
export function arrowRecordBatch(batch: Batch): RecordBatch {
  const schema = arrowSchema(batch.schema);
  const children = batch.schema.fields.map((field, index) => columnData(batch, field, batch.columns[index]!));
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: batch.rows, nullCount: 0, children }),
  );
}
