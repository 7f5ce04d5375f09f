import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { COLUMNS } from './clean-table.ts';
import type { PollutedFile } from './polluted-file.ts';
import type { PollutedReading } from './verdict.ts';

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** DuckDB with every option given, nothing detected, and its tables of rejects. */
export class DuckReader implements AsyncDisposable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #folder = mkdtempSync(join(tmpdir(), 'atlas-pollution-duck-'));
  #count = 0;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<DuckReader> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return new DuckReader(instance, await instance.connect());
  }

  async read({ bytes, dialect, typed }: PollutedFile): Promise<PollutedReading> {
    this.#count += 1;
    const path = join(this.#folder, `${this.#count}.csv`);
    writeFileSync(path, bytes);
    const names = COLUMNS.map(({ name }) => name);
    const columns = COLUMNS.map(({ name, duck }) => `${text(name)}: ${text(typed ? duck : 'VARCHAR')}`);
    if (dialect.trailingDelimiter) columns.push("'behind': 'VARCHAR'");
    const options = [
      'auto_detect = false',
      `header = ${dialect.header}`,
      `skip = ${dialect.skipRows}`,
      `delim = ${text(dialect.delimiter)}`,
      `quote = ${text(dialect.quote)}`,
      `escape = ${text(dialect.escape)}`,
      ...(dialect.comment === null ? [] : [`comment = ${text(dialect.comment)}`]),
      `new_line = '${JSON.stringify(dialect.rowEnd).slice(1, -1)}'`,
      `columns = {${columns.join(', ')}}`,
      'store_rejects = true',
    ];
    try {
      const cells = names.map((name) => `CAST(${name} AS VARCHAR)`).join(', ');
      const result = await this.#connection.runAndReadAll(
        `SELECT ${cells} FROM read_csv(${text(path)}, ${options.join(', ')})`,
      );
      const errors = await this.#connection.runAndReadAll(
        'SELECT line_byte_position, csv_line, byte_position, error_type FROM reject_errors',
      );
      return {
        rows: result.getRows().map((row) => row.map((cell) => (cell === null ? '' : String(cell)))),
        told: errors.getRows().map(([from, line, at]) => {
          const start = Number(from ?? at ?? 0);
          return [start, start + Math.max(1, Buffer.byteLength(String(line ?? '')))] as const;
        }),
        codes: errors.getRows().map((row) => String(row[3])),
        refused: null,
      };
    } catch (error) {
      return {
        rows: [],
        told: [],
        codes: [],
        refused: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
      };
    } finally {
      await this.#connection.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans;');
      rmSync(path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
