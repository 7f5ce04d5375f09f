import { type FileMetaData, parquetMetadata, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Field, Schema } from '../../src/batch/schema.ts';
import type { Cell } from './build-batch.ts';

const decoder = new TextDecoder();

/** Keeps what hyparquet would round: its dates have no microseconds. */
const parsers = {
  timestampFromMilliseconds: (value: bigint) => value,
  timestampFromMicroseconds: (value: bigint) => value,
  timestampFromNanoseconds: (value: bigint) => value,
  dateFromDays: (value: number) => value,
  stringFromBytes: (value: Uint8Array) => (value ? decoder.decode(value) : value),
  jsonFromBytes: (value: Uint8Array) => (value ? decoder.decode(value) : value),
};

export function metadataOf(bytes: Uint8Array): FileMetaData {
  return parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}

function cellOf(field: Field, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  const { type } = field;
  switch (type.kind) {
    case 'int':
      return type.signed ? BigInt(value as number) : BigInt.asUintN(type.bits, BigInt(value as number));
    case 'date':
      return BigInt(value as number);
    case 'time':
    case 'timestamp':
      return type.unit === 's' ? BigInt(value as number) / 1000n : BigInt(value as number);
    case 'binary':
      return new Uint8Array(value as Uint8Array);
    default:
      return value as Cell;
  }
}

/** Every column as hyparquet reads it, in the cells that tests write; decimals come as doubles. */
export async function readHyparquet(bytes: Uint8Array, schema: Schema): Promise<Cell[][]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const columns = schema.fields.map((): Cell[] => []);
  await parquetRead({
    file,
    compressors,
    utf8: false,
    parsers: parsers as never,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const index = schema.fields.findIndex((field) => field.name === columnName);
      for (let i = 0; i < columnData.length; i += 1) {
        columns[index]![rowStart + i] = cellOf(schema.fields[index]!, columnData[i]);
      }
    },
  });
  return columns;
}
