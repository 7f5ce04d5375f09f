import type { AsyncBuffer } from 'hyparquet';
import type { Stores } from '../registry.ts';

type StoreReader = Awaited<ReturnType<Awaited<ReturnType<Stores['of']>>['open']>>;

/** A file of any store as hyparquet reads it: ranges, each asked for once. */
export function parquetBuffer(reader: StoreReader): AsyncBuffer {
  return {
    byteLength: reader.length,
    slice: async (start, end = reader.length) => {
      const from = start < 0 ? Math.max(0, reader.length + start) : start;
      const bytes = await reader.read(from, Math.min(end, reader.length));
      return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
    },
  };
}
