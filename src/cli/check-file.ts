import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import type { StagedFile } from '../flow/sink.ts';

/** Compares a Parquet file with what was staged: length, SHA-256, rows by its footer. Answers what differs, or null. */
export async function checkFile(path: string, staged: StagedFile): Promise<string | null> {
  try {
    const { sha256, bytes } = await digest(path);
    if (bytes !== staged.bytes) return `it has ${bytes} bytes, ${staged.bytes} were published`;
    if (sha256 !== staged.sha256) return `its SHA-256 is ${sha256}, that of what was published is ${staged.sha256}`;
    const rows = Number((await parquetMetadataAsync(await asyncBufferFromFile(path))).num_rows);
    return rows === staged.rows ? null : `its footer counts ${rows} rows, ${staged.rows} were published`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'it is gone' : `it cannot be read: ${message}`;
  }
}

async function digest(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).byteLength;
  }
  return { sha256: hash.digest('hex'), bytes };
}
