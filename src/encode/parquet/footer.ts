import type { Schema } from '../../batch/schema.ts';
import { physicalType } from './physical-type.ts';
import type { ChunkFacts, ChunkStatistics } from './row-group-facts.ts';
import { writeSchemaElement } from './schema-element.ts';
import { THRIFT, ThriftWriter } from './thrift-writer.ts';

/** Where a part of the file lies. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** A row group that has its place: offsets in the facts are relative to `offset`. */
export interface PlacedRowGroup {
  readonly offset: number;
  readonly rows: number;
  readonly columns: readonly ChunkFacts[];
  /** By column; a column index may be missing. */
  readonly columnIndexes: readonly (Extent | null)[];
  readonly offsetIndexes: readonly Extent[];
}

/** All that the footer says. */
export interface FileFacts {
  readonly schema: Schema;
  readonly codec: number;
  readonly rowGroups: readonly PlacedRowGroup[];
  readonly keyValues: readonly (readonly [string, string])[];
  readonly createdBy: string;
}

function writeStatistics(writer: ThriftWriter, statistics: ChunkStatistics): void {
  writer.begin(12);
  writer.i64(3, statistics.nullCount);
  if (statistics.max) writer.binary(5, statistics.max);
  if (statistics.min) writer.binary(6, statistics.min);
  if (statistics.max) writer.boolean(7, statistics.maxExact);
  if (statistics.min) writer.boolean(8, statistics.minExact);
  writer.end();
}

function writeChunk(writer: ThriftWriter, file: FileFacts, group: PlacedRowGroup, index: number): void {
  const chunk = group.columns[index]!;
  const field = file.schema.fields[index]!;
  writer.begin();
  writer.i64(2, 0);
  writer.begin(3);
  writer.i32(1, physicalType(field.type).type);
  writer.list(2, THRIFT.i32, chunk.encodings.length);
  for (const encoding of chunk.encodings) writer.bareI32(encoding);
  writer.list(3, THRIFT.binary, 1);
  writer.bareBinary(new TextEncoder().encode(field.name));
  writer.i32(4, file.codec);
  writer.i64(5, chunk.values);
  writer.i64(6, chunk.uncompressed);
  writer.i64(7, chunk.compressed);
  writer.i64(9, group.offset + chunk.dataOffset);
  if (chunk.dictionaryOffset !== null) writer.i64(11, group.offset + chunk.dictionaryOffset);
  writeStatistics(writer, chunk.statistics);
  writer.list(13, THRIFT.struct, chunk.encodingStats.length);
  for (const [page, encoding, count] of chunk.encodingStats) {
    writer.begin();
    writer.i32(1, page);
    writer.i32(2, encoding);
    writer.i32(3, count);
    writer.end();
  }
  writer.end();
  const offsetIndex = group.offsetIndexes[index];
  if (offsetIndex) {
    writer.i64(4, offsetIndex.offset);
    writer.i32(5, offsetIndex.length);
  }
  const columnIndex = group.columnIndexes[index];
  if (columnIndex) {
    writer.i64(6, columnIndex.offset);
    writer.i32(7, columnIndex.length);
  }
  writer.end();
}

function writeRowGroup(writer: ThriftWriter, file: FileFacts, group: PlacedRowGroup): void {
  const sum = (pick: (chunk: ChunkFacts) => number): number =>
    group.columns.reduce((total, chunk) => total + pick(chunk), 0);
  writer.begin();
  writer.list(1, THRIFT.struct, group.columns.length);
  for (const index of group.columns.keys()) writeChunk(writer, file, group, index);
  writer.i64(
    2,
    sum((chunk) => chunk.uncompressed),
  );
  writer.i64(3, group.rows);
  writer.i64(5, group.offset);
  writer.i64(
    6,
    sum((chunk) => chunk.compressed),
  );
  writer.end();
}

/** Encodes `FileMetaData` (parquet.thrift), without its length and magic. */
export function encodeFooter(file: FileFacts): Uint8Array<ArrayBuffer> {
  const { fields } = file.schema;
  const writer = new ThriftWriter(4096);
  writer.begin();
  writer.i32(1, 1);
  writer.list(2, THRIFT.struct, fields.length + 1);
  writer.begin();
  writer.string(4, 'schema');
  writer.i32(5, fields.length);
  writer.end();
  for (const field of fields) writeSchemaElement(writer, field);
  writer.i64(
    3,
    file.rowGroups.reduce((total, group) => total + group.rows, 0),
  );
  writer.list(4, THRIFT.struct, file.rowGroups.length);
  for (const group of file.rowGroups) writeRowGroup(writer, file, group);
  writer.list(5, THRIFT.struct, file.keyValues.length);
  for (const [key, value] of file.keyValues) {
    writer.begin();
    writer.string(1, key);
    writer.string(2, value);
    writer.end();
  }
  writer.string(6, file.createdBy);
  // minima and maxima are ordered as each type defines it
  writer.list(7, THRIFT.struct, fields.length);
  for (const _ of fields) {
    writer.begin();
    writer.begin(1);
    writer.end();
    writer.end();
  }
  writer.end();
  return writer.finish();
}
