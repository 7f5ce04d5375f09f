import type { Field } from '../../batch/schema.ts';
import { MAGIC } from './format.ts';
import { writeSchemaElement } from './schema-element.ts';
import { THRIFT, ThriftWriter } from './thrift-writer.ts';
import { WRITER_VERSION } from './writer-version.ts';

/** Row groups whose bytes rest in another file, and what they are there; numbers are those of parquet.thrift. */
export interface PassedParts {
  readonly columns: readonly {
    readonly field: Field;
    readonly physical: { readonly type: number; readonly width: number };
  }[];
  readonly groups: readonly { readonly rows: number; readonly chunks: readonly PassedPart[] }[];
}

/** A column chunk; offsets are relative to the byte behind the magic that the file begins with. */
export interface PassedPart {
  readonly codec: number;
  readonly encodings: readonly number[];
  readonly values: number;
  readonly uncompressed: number;
  readonly compressed: number;
  readonly dataOffset: number;
  readonly dictionaryOffset: number | null;
}

/** What stands before the bytes of the column chunks. */
export const PASSED_HEAD: Uint8Array = MAGIC;

/**
 * What stands behind the bytes of column chunks that were copied from another file, and makes them a file of their own: footer, its length,
 * magic. It has no statistics and no page index.
 */
export function encodePassedTail(parts: PassedParts): Uint8Array<ArrayBuffer> {
  const footer = encodeFooter(parts);
  const tail = new Uint8Array(footer.length + 4 + MAGIC.length);
  tail.set(footer);
  new DataView(tail.buffer).setUint32(footer.length, footer.length, true);
  tail.set(MAGIC, footer.length + 4);
  return tail;
}

function encodeFooter({ columns, groups }: PassedParts): Uint8Array {
  const writer = new ThriftWriter(4096);
  writer.begin();
  writer.i32(1, 1);
  writer.list(2, THRIFT.struct, columns.length + 1);
  writer.begin();
  writer.string(4, 'schema');
  writer.i32(5, columns.length);
  writer.end();
  for (const { field, physical } of columns) writeSchemaElement(writer, field, physical);
  writer.i64(
    3,
    groups.reduce((sum, { rows }) => sum + rows, 0),
  );
  writer.list(4, THRIFT.struct, groups.length);
  for (const { rows, chunks } of groups) {
    writer.begin();
    writer.list(1, THRIFT.struct, chunks.length);
    for (const [index, chunk] of chunks.entries())
      writeChunk(writer, chunk, columns[index] as PassedParts['columns'][number]);
    writer.i64(
      2,
      chunks.reduce((sum, { uncompressed }) => sum + uncompressed, 0),
    );
    writer.i64(3, rows);
    writer.end();
  }
  writer.string(6, `atlas-ingest version ${WRITER_VERSION}`);
  writer.end();
  return writer.finish();
}

function writeChunk(
  writer: ThriftWriter,
  chunk: PassedPart,
  { field, physical }: PassedParts['columns'][number],
): void {
  writer.begin();
  writer.i64(2, 0);
  writer.begin(3);
  writer.i32(1, physical.type);
  writer.list(2, THRIFT.i32, chunk.encodings.length);
  for (const encoding of chunk.encodings) writer.bareI32(encoding);
  writer.list(3, THRIFT.binary, 1);
  writer.bareBinary(new TextEncoder().encode(field.name));
  writer.i32(4, chunk.codec);
  writer.i64(5, chunk.values);
  writer.i64(6, chunk.uncompressed);
  writer.i64(7, chunk.compressed);
  writer.i64(9, MAGIC.length + chunk.dataOffset);
  if (chunk.dictionaryOffset !== null) writer.i64(11, MAGIC.length + chunk.dictionaryOffset);
  writer.end();
  writer.end();
}
