import type { InputAccess } from '../input.ts';
import { openInput } from '../open-input.ts';

const MAGIC = 'PAR1';

/** Whether a file begins as Parquet files do. Fails with ATLAS_INPUT_*, ATLAS_CONNECTION_UNKNOWN, ATLAS_HDFS_*. */
export async function isParquet(path: string, access: InputAccess): Promise<boolean> {
  await using input = await openInput(path, null, access);
  access.signal.throwIfAborted();
  const start = Buffer.alloc(MAGIC.length);
  input.readsTo(start.length);
  return (await input.read(start, 0)) === start.length && start.toString('latin1') === MAGIC;
}
