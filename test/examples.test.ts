import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';

interface Expected {
  readonly exit: number;
  readonly outputs: readonly {
    readonly path: string;
    readonly order_by?: string;
    /** DuckDB's names of the types that the file's own schema means. */
    readonly columns: Readonly<Record<string, string>>;
    readonly rows: readonly (readonly unknown[])[];
  }[];
  readonly rejects?: {
    readonly path: string;
    readonly lines: readonly { readonly line: number; readonly column: string | null; readonly code: string }[];
  };
}

const root = fileURLToPath(new URL('..', import.meta.url));
const copies = mkdtempSync(join(tmpdir(), 'atlas-examples-'));
afterAll(() => rmSync(copies, { recursive: true }));

const names = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Runs the command that the example's README tells people to type, on a copy of the example. */
function runAsWritten(name: string): { readonly status: number | null; readonly stderr: string } {
  const readme = readFileSync(join(root, 'examples', name, 'README.md'), 'utf8');
  const words = /```sh\n(.+)\n```/.exec(readme)?.[1]?.split(' ') ?? [];
  const start = words.indexOf('node');
  const env = Object.fromEntries(words.slice(0, start).map((word) => word.split('=') as [string, string]));
  const args = words.slice(start + 1).map((word) => word.replace(/^examples\//, `${copies}/`));
  return spawnSync(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8' });
}

describe('examples', () => {
  it('there are some, and the index names each', () => {
    const index = readFileSync(join(root, 'examples', 'README.md'), 'utf8');
    expect(names.length).toBeGreaterThanOrEqual(5);
    for (const name of names) expect(index).toContain(`(${name}/)`);
  });

  it.each(names)('%s does what its README says', async (name) => {
    const folder = join(copies, name);
    cpSync(join(root, 'examples', name), folder, {
      recursive: true,
      filter: (path) => !/[/\\](out|\.atlas)$/.test(path),
    });
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
    const { status, stderr } = runAsWritten(name);
    expect(status, stderr).toBe(expected.exit);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const { path, columns, rows, order_by } of expected.outputs) {
      const order = order_by ? ` ORDER BY ${order_by}` : '';
      const read = await connection.runAndReadAll(`SELECT * FROM read_parquet('${join(folder, path)}')${order}`);
      const types = read.columnTypes().map(String);
      expect(Object.fromEntries(read.columnNames().map((column, index) => [column, types[index]]))).toEqual(columns);
      expect(read.getRowsJson()).toEqual(rows);
    }
    if (!expected.rejects) return;
    const rejects = readFileSync(join(folder, expected.rejects.path), 'utf8').trimEnd().split('\n');
    expect(rejects.map((line) => JSON.parse(line) as unknown)).toEqual(
      expected.rejects.lines.map((reject) => expect.objectContaining(reject)),
    );
  });
});
