import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Field, Schema } from '../../src/batch/schema.ts';
import type { Cell } from './build-batch.ts';

let connection: Promise<DuckDBConnection> | undefined;

/** Puts the bytes into a file for as long as `use` takes. */
export async function withFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-encode-'));
  const path = join(folder, 'x.parquet');
  writeFileSync(path, bytes);
  try {
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rows of a statement, where `$file` stands for the bytes as a file. */
export async function queryDuckdb(bytes: Uint8Array, sql: string): Promise<unknown[][]> {
  connection ??= DuckDBInstance.create(':memory:', { threads: '1' }).then((instance) => instance.connect());
  const open = await connection;
  return withFile(bytes, async (path) => (await open.runAndReadAll(sql.replaceAll('$file', `'${path}'`))).getRows());
}

const EPOCH = { s: 'epoch_ms', ms: 'epoch_ms', us: 'epoch_us', ns: 'epoch_ns' } as const;

function expression(field: Field): string {
  const name = `"${field.name}"`;
  const { type } = field;
  switch (type.kind) {
    case 'int':
    case 'decimal':
    case 'uuid':
      return `${name}::varchar`;
    case 'binary':
      return `hex(${name})`;
    case 'date':
      return `datediff('day', date '1970-01-01', ${name})::varchar`;
    case 'time':
      return `${EPOCH[type.unit === 's' ? 'ms' : type.unit]}(${name})::varchar`;
    case 'timestamp':
      return `${EPOCH[type.unit]}(${name})::varchar`;
    case 'json':
      return `${name}::varchar`;
    default:
      return name;
  }
}

function cellOf(field: Field, value: unknown): Cell {
  if (value === null) return null;
  const { type } = field;
  switch (type.kind) {
    case 'int':
    case 'date':
      return BigInt(value as string);
    case 'decimal':
      return BigInt((value as string).replace('.', ''));
    case 'binary':
      return new Uint8Array(Buffer.from(value as string, 'hex'));
    case 'time':
    case 'timestamp':
      return type.unit === 's' ? BigInt(value as string) / 1000n : BigInt(value as string);
    default:
      return value as Cell;
  }
}

/** Every column as DuckDB reads it, in the cells that tests write. */
export async function readDuckdb(bytes: Uint8Array, schema: Schema): Promise<Cell[][]> {
  const rows = await queryDuckdb(bytes, `select ${schema.fields.map(expression).join(', ')} from $file`);
  return schema.fields.map((field, index) => rows.map((row) => cellOf(field, row[index])));
}
