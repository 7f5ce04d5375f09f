import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickhouseRows, clickhouseText, duckdbRows } from './judges.ts';

interface Feature {
  readonly name: string;
  readonly type: string;
  readonly from?: string;
  readonly value?: string;
  readonly format?: string;
}

interface Dataset {
  readonly name: string;
  readonly source: {
    readonly path: string;
    readonly null_values?: readonly string[];
    readonly date_format?: string;
    readonly features: readonly Feature[];
  };
  readonly destination: { readonly path: string };
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'atlas-quickstart-'));
const group = JSON.parse(readFileSync(join(root, 'metadata', 'quickstart.json'), 'utf8')) as {
  readonly dataset_config: readonly Dataset[];
};
afterAll(() => rmSync(home, { recursive: true }));

const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  int: 'BIGINT',
  integer: 'BIGINT',
  bigint: 'BIGINT',
  int64: 'BIGINT',
  int32: 'INTEGER',
  int16: 'SMALLINT',
  smallint: 'SMALLINT',
  tinyint: 'TINYINT',
  int8: 'TINYINT',
  uint8: 'UTINYINT',
  uint16: 'USMALLINT',
  uint32: 'UINTEGER',
  float: 'DOUBLE',
  double: 'DOUBLE',
  real: 'FLOAT',
  string: 'VARCHAR',
  text: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
};

/** What DuckDB makes of a field of the input: its own reading of the CSV, cast to the declared type. */
function expected({ source }: Dataset): string {
  const columns = source.features
    .filter(({ value }) => value === undefined)
    .map(({ name, type, from, format }) => {
      const raw = `"${(from ?? name).replaceAll('"', '""')}"`;
      const nulls = (source.null_values ?? ['']).map((text) => `'${text.replaceAll("'", "''")}'`).join(', ');
      const target = DUCKDB_TYPES[type] ?? type;
      const pattern = format ?? (type === 'date' ? source.date_format : undefined);
      const cast = pattern ? `strptime(${raw}, '${pattern}')::${target}` : `${raw}::${target}`;
      return `CASE WHEN ${raw} IN (${nulls}) THEN NULL ELSE ${cast} END AS "${name}"`;
    });
  const path = join(root, source.path);
  return `SELECT ${columns.join(', ')} FROM read_csv('${path}', all_varchar = true, header = true, sample_size = -1)`;
}

describe('the quickstart, judged', () => {
  beforeAll(() => {
    cpSync(join(root, 'metadata'), join(home, 'metadata'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
    const args = [
      join(root, 'bin/atlas-ingest.js'),
      'run',
      '--ocs',
      'quickstart',
      '--metadata',
      join(home, 'metadata'),
    ];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  });

  it('has at least three datasets of real data', () => {
    expect(group.dataset_config.length).toBeGreaterThanOrEqual(3);
  });

  it.each(group.dataset_config.map((dataset) => [dataset.name, dataset] as const))(
    '%s holds what DuckDB reads in the CSV file',
    async (_name, dataset) => {
      const path = join(home, dataset.destination.path);
      const names = dataset.source.features.filter(({ value }) => value === undefined).map(({ name }) => `"${name}"`);
      const ours = `SELECT ${names.join(', ')} FROM read_parquet('${path}')`;
      const [counts] = await duckdbRows(
        `SELECT (SELECT count(*)::INTEGER FROM (${ours})), (SELECT count(*)::INTEGER FROM (${expected(dataset)})),
                (SELECT count(*)::INTEGER FROM (${ours} EXCEPT ALL ${expected(dataset)})),
                (SELECT count(*)::INTEGER FROM (${expected(dataset)} EXCEPT ALL ${ours}))`,
      );
      const [published, read, surplus, missing] = counts as number[];
      expect(published).toBeGreaterThan(0);
      expect([published, surplus, missing]).toEqual([read, 0, 0]);
    },
  );

  it.each(group.dataset_config.map((dataset) => [dataset.name, dataset] as const))(
    '%s reads the same in ClickHouse as in DuckDB',
    async (_name, dataset) => {
      const path = join(home, dataset.destination.path);
      const { features } = dataset.source;
      const ours = features
        .map(({ name, type }) => (type.startsWith('timestamp') ? `epoch_us("${name}")::VARCHAR` : `"${name}"::VARCHAR`))
        .join(', ');
      const theirs = features
        .map(({ name, type }) =>
          type.startsWith('timestamp')
            ? `toString(toUnixTimestamp64Micro(toDateTime64("${name}", 6)))`
            : clickhouseText(name, type),
        )
        .join(', ');
      const number = (rows: readonly (readonly unknown[])[]): unknown[][] =>
        rows.map((row) =>
          row.map((cell, column) =>
            cell !== null && /^(float|double|real)$/.test(features[column]?.type ?? '') ? Number(cell) : cell,
          ),
        );
      expect(number(clickhouseRows(`SELECT ${theirs} FROM file('${path}', Parquet)`))).toEqual(
        number(await duckdbRows(`SELECT ${ours} FROM read_parquet('${path}')`)),
      );
    },
  );
});
