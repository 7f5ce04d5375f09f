import { THRIFT, ThriftWriter } from '../../../src/encode/parquet/thrift-writer.ts';

/** One required column, as parquet.thrift numbers it. */
export interface HandMadeColumn {
  /** `Type`: 3 INT96, 7 FIXED_LEN_BYTE_ARRAY … */
  readonly type: number;
  readonly length?: number;
  /** Field of the union `LogicalType` that is an empty struct (15: FLOAT16). */
  readonly logical?: number;
  /** Values, one after the other, and how many. */
  readonly values: Uint8Array;
  readonly count: number;
}

/** A Parquet file of one column `x` in one uncompressed page of PLAIN values, byte by byte as the format says. */
export function handMadeFile(column: HandMadeColumn): Buffer {
  const page = pageHeader(column);
  const chunk = Buffer.concat([page, column.values]);
  const footer = footerOf(column, chunk.length);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(footer.length);
  tail.write('PAR1', 4, 'latin1');
  return Buffer.concat([Buffer.from('PAR1'), chunk, footer, tail]);
}

function pageHeader({ values, count }: HandMadeColumn): Uint8Array {
  const writer = new ThriftWriter(256);
  writer.begin();
  writer.i32(1, 0);
  writer.i32(2, values.length);
  writer.i32(3, values.length);
  writer.begin(5);
  writer.i32(1, count);
  writer.i32(2, 0);
  writer.i32(3, 3);
  writer.i32(4, 3);
  writer.end();
  writer.end();
  return writer.finish();
}

function footerOf({ type, length, logical, count }: HandMadeColumn, bytes: number): Uint8Array {
  const writer = new ThriftWriter(1024);
  writer.begin();
  writer.i32(1, 1);
  writer.list(2, THRIFT.struct, 2);
  writer.begin();
  writer.string(4, 'schema');
  writer.i32(5, 1);
  writer.end();
  writer.begin();
  writer.i32(1, type);
  if (length !== undefined) writer.i32(2, length);
  writer.i32(3, 0);
  writer.string(4, 'x');
  if (logical !== undefined) {
    writer.begin(10);
    writer.begin(logical);
    writer.end();
    writer.end();
  }
  writer.end();
  writer.i64(3, count);
  writer.list(4, THRIFT.struct, 1);
  writer.begin();
  writer.list(1, THRIFT.struct, 1);
  writer.begin();
  writer.i64(2, 0);
  writer.begin(3);
  writer.i32(1, type);
  writer.list(2, THRIFT.i32, 1);
  writer.bareI32(0);
  writer.list(3, THRIFT.binary, 1);
  writer.bareBinary(Buffer.from('x'));
  writer.i32(4, 0);
  writer.i64(5, count);
  writer.i64(6, bytes);
  writer.i64(7, bytes);
  writer.i64(9, 4);
  writer.end();
  writer.end();
  writer.i64(2, bytes);
  writer.i64(3, count);
  writer.end();
  writer.string(6, 'by hand');
  writer.end();
  return writer.finish();
}
