import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { field } from './build-batch.ts';
import { writeParquet } from './write-parquet.ts';

test('smoke', async () => {
  const schema = {
    fields: [
      field('id', 'int64!'),
      field('t', 'timestamp'),
      field('small', 'smallint'),
      field('x', 'double'),
      field('s', 'string'),
      field('b', 'boolean'),
      field('d', 'decimal(25,3)'),
      field('u', 'uuid'),
    ],
  };
  const n = 300_000;
  const cols = [
    Array.from({ length: n }, (_, i) => BigInt(i * 3)),
    Array.from({ length: n }, (_, i) => (i % 7 === 0 ? null : BigInt(1_600_000_000 + ((i * 7919) % 100000)))),
    Array.from({ length: n }, (_, i) => ((i * 31) % 100) - 50),
    Array.from({ length: n }, (_, i) => ((i * 7919) % 90_000) / 100),
    Array.from({ length: n }, (_, i) => (i % 10 === 3 ? null : `city ${(i * 31) % 1000}`)),
    Array.from({ length: n }, (_, i) => (i % 5 === 3 ? null : i % 3 === 0)),
    Array.from({ length: n }, (_, i) => BigInt(i) * 10n ** 15n - 5n * 10n ** 18n),
    Array.from({ length: n }, (_, i) => `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`),
  ];
  const bytes = await writeParquet(schema, cols, { batchRows: 5000, groupRows: 200_000 });
  const path = join(mkdtempSync(join(tmpdir(), 'pq-')), 'x.parquet');
  writeFileSync(path, bytes);
  const db = await (await DuckDBInstance.create()).connect();
  const rows = (
    await db.runAndReadAll(
      `select count(*)::int, sum(id)::varchar, sum(epoch(t))::varchar, sum(small)::int, sum(x), count(s)::int, min(s), max(s), count(b)::int, sum(b::int)::int, sum(d)::varchar, min(u)::varchar, max(u)::varchar from '${path}'`,
    )
  ).getRows();
  const sum = (f: (i: number) => number) => Array.from({ length: n }, (_, i) => f(i)).reduce((a, b) => a + b, 0);
  const r = rows[0]!;
  expect(r[0]).toBe(n);
  expect(r[1]).toBe(String(sum((i) => i * 3)));
  expect(Number(r[2])).toBe(sum((i) => (i % 7 === 0 ? 0 : 1_600_000_000 + ((i * 7919) % 100000))));
  expect(r[3]).toBe(sum((i) => ((i * 31) % 100) - 50));
  expect(r[4]).toBeCloseTo(
    sum((i) => ((i * 7919) % 90_000) / 100),
    0,
  );
  expect(r[9]).toBe(sum((i) => (i % 5 === 3 ? 0 : i % 3 === 0 ? 1 : 0)));
});
