import { ENCODING, PAGE } from './format.ts';
import { ThriftWriter } from './thrift-writer.ts';

/** Sizes of a page's body before and after compression, and the CRC-32 of the latter as a signed number. */
export interface PageSizes {
  readonly uncompressed: number;
  readonly compressed: number;
  readonly checksum: number;
}

function begin(type: number, sizes: PageSizes): ThriftWriter {
  const writer = new ThriftWriter(64);
  writer.begin();
  writer.i32(1, type);
  writer.i32(2, sizes.uncompressed);
  writer.i32(3, sizes.compressed);
  writer.i32(4, sizes.checksum);
  return writer;
}

/** Header of a version 1 data page of `values` rows, nulls included. */
export function dataPageHeader(sizes: PageSizes, values: number, encoding: number): Uint8Array {
  const writer = begin(PAGE.data, sizes);
  writer.begin(5);
  writer.i32(1, values);
  writer.i32(2, encoding);
  writer.i32(3, ENCODING.rle);
  writer.i32(4, ENCODING.rle);
  writer.end();
  writer.end();
  return writer.finish();
}

export function dictionaryPageHeader(sizes: PageSizes, entries: number, encoding: number): Uint8Array {
  const writer = begin(PAGE.dictionary, sizes);
  writer.begin(7);
  writer.i32(1, entries);
  writer.i32(2, encoding);
  writer.end();
  writer.end();
  return writer.finish();
}
