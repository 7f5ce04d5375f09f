import { THRIFT, ThriftWriter } from './thrift-writer.ts';

/** Encodes an `OffsetIndex` (Parquet, PageIndex.md) of pages given as offset, size and first row, one after the other. */
export function encodeOffsetIndex(pages: readonly number[], base: number): Uint8Array {
  const writer = new ThriftWriter();
  writer.begin();
  writer.list(1, THRIFT.struct, pages.length / 3);
  for (let i = 0; i < pages.length; i += 3) {
    writer.begin();
    writer.i64(1, base + pages[i]!);
    writer.i32(2, pages[i + 1]!);
    writer.i64(3, pages[i + 2]!);
    writer.end();
  }
  writer.end();
  return writer.finish();
}
