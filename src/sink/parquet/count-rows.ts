import { type FileMetaData, parquetMetadata, parquetMetadataAsync } from 'hyparquet';
import { AtlasError } from '../../errors.ts';
import type { Store, StoreOptions } from '../../store/store.ts';

/** Rows of a Parquet file by its own footer, whose total and row groups must agree. Fails with ATLAS_PARQUET_INVALID. */
export async function countRows(store: Store, path: string, options: StoreOptions): Promise<number> {
  await using reader = await store.open(path, options);
  const buffer = {
    byteLength: reader.length,
    slice: async (from: number, to: number = reader.length) => (await reader.read(from, to)).buffer,
  };
  return await rowsOf(path, () => parquetMetadataAsync(buffer));
}

/** The same of the end of a file, footer and all, as it was written: no store is asked. */
export function countRowsOfEnd(path: string, end: Uint8Array): Promise<number> {
  return rowsOf(path, async () => parquetMetadata(new Uint8Array(end).buffer));
}

async function rowsOf(path: string, readFooter: () => Promise<FileMetaData>): Promise<number> {
  try {
    const footer = await readFooter();
    const total = Number(footer.num_rows);
    const groups = footer.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    if (total === groups) return total;
    throw new Error(`its footer counts ${total} rows, its row groups ${groups}`);
  } catch (error) {
    if (error instanceof AtlasError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AtlasError('ATLAS_PARQUET_INVALID', `${path}: ${reason}`, { cause: error, place: { file: path } });
  }
}
