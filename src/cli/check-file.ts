import { parquetMetadataAsync } from 'hyparquet';
import { AtlasError } from '../errors.ts';
import type { StagedFile } from '../flow/sink.ts';
import type { Abortable } from '../flow/source.ts';
import type { Stores } from '../registry.ts';
import { parquetBuffer } from './parquet-buffer.ts';

type Store = Awaited<ReturnType<Stores['of']>>;

/**
 * Compares a Parquet file with what was staged: length, SHA-256, rows by its footer. Answers what differs, or null. A server that
 * cannot be asked is no difference: fails with ATLAS_HDFS_*.
 */
export async function checkFile(
  store: Store,
  name: string,
  staged: StagedFile,
  options: Abortable,
): Promise<string | null> {
  const path = await store.resolve(name, options);
  const found = await store.look(path, options);
  if (found.kind === 'absent') return 'it is gone';
  if (found.kind !== 'file') return `it is a ${found.kind}, a file was published`;
  if (found.length !== staged.bytes) return `it has ${found.length} bytes, ${staged.bytes} were published`;
  try {
    const sha256 = await store.checksum(path, options);
    if (sha256 !== staged.sha256) return `its SHA-256 is ${sha256}, that of what was published is ${staged.sha256}`;
    await using reader = await store.open(path, options);
    const rows = Number((await parquetMetadataAsync(parquetBuffer(reader))).num_rows);
    return rows === staged.rows ? null : `its footer counts ${rows} rows, ${staged.rows} were published`;
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof AtlasError && error.code.startsWith('ATLAS_HDFS_')) throw error;
    return `it cannot be read: ${(error as Error).message}`;
  }
}
