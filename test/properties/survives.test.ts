import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RandomTable, randomTables } from './random-table.ts';
import { columnOrder, ROW, writeCsv } from './write-csv.ts';

/** Longer by `PROPERTY_RUNS`, again by `PROPERTY_SEED`. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 20);
const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const bin = fileURLToPath(new URL('../../bin/atlas-ingest.js', import.meta.url));

function datasetOf(table: RandomTable, index: number): unknown {
  const { dialect } = table;
  return {
    name: `t${index}`,
    source: {
      type: 'csv',
      path: `${index}.csv`,
      delimiter: dialect.delimiter,
      escape: dialect.escape,
      slice_bytes: table.sliceBytes,
      header: dialect.header,
      ...(dialect.header ? {} : { columns: columnOrder(table) }),
      features: [
        { name: ROW, type: 'int32', nullable: false },
        ...table.features.map(({ type }, column) => ({ name: `c${column}`, type })),
      ],
    },
    destination: { type: 'parquet', path: `${index}.parquet`, ...table.layout },
  };
}

it('any table survives CSV → Parquet', { timeout: 600_000 }, async () => {
  console.log(`seed ${SEED}, ${RUNS} groups of tables (PROPERTY_SEED, PROPERTY_RUNS)`);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const property = fc.asyncProperty(
    fc.array(randomTables, { minLength: 1, maxLength: 5 }),
    fc.integer({ min: 1, max: 3 }),
    async (tables, workers) => {
      const home = mkdtempSync(join(tmpdir(), 'atlas-survives-'));
      mkdirSync(join(home, 'metadata'));
      tables.forEach((table, index) => {
        writeFileSync(join(home, `${index}.csv`), writeCsv(table));
      });
      const document = { version: 1, ocs: 'random', dataset_config: tables.map(datasetOf) };
      writeFileSync(join(home, 'metadata', 'random.json'), JSON.stringify(document, null, 1));
      const args = [bin, 'run', '--ocs', 'random', '--metadata', join(home, 'metadata'), '--workers', String(workers)];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      for (const [index, table] of tables.entries()) {
        const columns = table.features.map(({ canonical }, column) => canonical(`c${column}`));
        const read = await connection.runAndReadAll(
          `SELECT ${[...columns, ROW].join(', ')} FROM read_parquet('${join(home, `${index}.parquet`)}') ORDER BY ${ROW}`,
        );
        const found = read.getRowsJson().map((row) => row.slice(0, -1).map(exact));
        expect(found).toEqual(table.rows.map((row) => row.map((value) => exact(value?.expected ?? null))));
      }
      rmSync(home, { recursive: true });
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
});

/** Two spellings of the same float are the same value. */
function exact(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('float ') ? ['float', Number(value.slice(6))] : value;
}
