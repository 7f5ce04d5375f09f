import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { load } from '../judges/load.ts';

/**
 * Codecs run in several threads of one process at once: what they keep between calls must be the thread's own. A native
 * zstd binding that keeps one compression context per process crashed here, or wrote frames that nobody could read.
 */
it.each(['snappy', 'gzip', 'zstd'])('%s compresses in three threads what it compresses in one', (compression) => {
  const rows = Array.from(
    { length: 60_000 },
    (_, row) => `${row},${(row * 2_654_435_761) % 1_000_003},text ${row % 977}`,
  );
  const csv = `id,number,text\n${rows.join('\n')}\n`;
  const features = [
    { name: 'id', type: 'int64' },
    { name: 'number', type: 'int32' },
    { name: 'text', type: 'string' },
  ];
  const checksums = [1, 3].map((workers) => {
    const path = load(
      csv,
      features,
      { compression, page_bytes: 2000, row_group_rows: 500 },
      { slice_bytes: 20_000, workers },
    );
    const checksum = createHash('sha256').update(readFileSync(path)).digest('hex');
    rmSync(dirname(path), { recursive: true });
    return checksum;
  });
  expect(checksums[1]).toBe(checksums[0]);
});
