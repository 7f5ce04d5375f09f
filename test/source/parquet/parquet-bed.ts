import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openParquetSource } from '../../../src/source/parquet/parquet-source.ts';
import { type Reading, readSource } from '../../conformance/source/read-source.ts';
import { Project } from '../../run/project.ts';
import { type Features, featuresOf, planOf } from './plan-of.ts';

let connection: Promise<DuckDBConnection> | undefined;

/** Rows of a query in DuckDB, in the zone UTC. */
export async function duckdb(sql: string): Promise<readonly (readonly unknown[])[]> {
  connection ??= DuckDBInstance.create(':memory:').then(async (instance) => {
    const open = await instance.connect();
    await open.run("SET TimeZone = 'UTC'");
    return open;
  });
  return (await (await connection).runAndReadAll(sql)).getRowsJson();
}

/** Every cell of a Parquet file as DuckDB's text of it, the column types first. */
export async function cellsOf(path: string, columns = '*'): Promise<readonly (readonly unknown[])[]> {
  const types = await duckdb(`DESCRIBE SELECT ${columns} FROM read_parquet('${path}')`);
  const rows = await duckdb(`SELECT COLUMNS(*)::VARCHAR FROM (SELECT ${columns} FROM read_parquet('${path}'))`);
  return [types.map(([name, type]) => `${String(name)} ${String(type)}`), ...rows];
}

/** A project whose only dataset reads `in.parquet`. */
export class ParquetBed implements Disposable {
  readonly project = new Project();
  readonly input = this.project.path('in.parquet');
  readonly output = this.project.path('out/x.parquet');

  /** Declares the dataset, runs it, and answers its receipt. */
  async load(features: Features, keys: { readonly source?: object; readonly rest?: object } = {}) {
    const source = { type: 'parquet', path: 'in.parquet', features: featuresOf(features), ...keys.source };
    const destination = { type: 'parquet', path: 'out/x.parquet' };
    this.project.declare([{ name: 'x', source, destination, ...keys.rest }]);
    return await this.project.load();
  }

  [Symbol.dispose](): void {
    this.project[Symbol.dispose]();
  }
}

/** Everything that a Parquet source says of a file. */
export async function readParquet(path: string, features: Features, keys: object = {}): Promise<Reading> {
  const plan = planOf(path, features, keys);
  await using source = await openParquetSource(plan, { reserve: 0, loadedAt: 1_700_000_000_000_000n, debug: true });
  return await readSource(source);
}
