import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openParquetSource } from '../../../src/source/parquet/parquet-source.ts';
import { duckdb } from '../../source/parquet/parquet-bed.ts';
import { planOf } from '../../source/parquet/plan-of.ts';
import { describeSource } from './describe-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'atlas-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'x.parquet');
await duckdb(
  `COPY (SELECT i::BIGINT AS id, CASE WHEN i % 100 = 7 THEN 3000000000 ELSE i END::BIGINT AS small, CASE WHEN i % 250 = 9 THEN NULL ELSE 'text ' || i END AS text, (i % 9 = 0) AS flag, [i, i + 1] AS list, i::DOUBLE AS unread FROM range(7000) r(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
);

const features = {
  flag: 'boolean',
  number: { type: 'int32', from: 'small' },
  text: { type: 'string', nullable: false },
  list: 'json',
  row: { type: 'int32', value: '@line' },
  from: { type: 'string', value: '@file' },
};

describeSource('parquet', () => ({
  ways: (slice_bytes) =>
    [64, 1 << 20].map((fetchBytes) => ({
      name: `fetches of ${fetchBytes} bytes`,
      open: () =>
        openParquetSource(planOf(path, features, { slice_bytes }), {
          reserve: 0,
          loadedAt: 0n,
          debug: true,
          fetchBytes,
        }),
    })),
  taskBytes: [1 << 30, 200_000, 64],
  bytes: statSync(path).size,
  [Symbol.dispose]: () => undefined,
}));
