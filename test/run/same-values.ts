import { expect } from 'vitest';
import { query } from './duck.ts';

/** A row as text, column by column. */
export type TextRow = readonly (string | null)[];

/** Rows of a Parquet file as DuckDB prints them, in the order of `id`; bytes in hexadecimal. */
export async function parquetText(path: string, types: Readonly<Record<string, string>>): Promise<readonly TextRow[]> {
  const columns = Object.entries(types).map(([name, type]) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    if (type === 'binary') return `lower(hex(${quoted}))`;
    // every bit of a float, and the number of days or units of a time
    if (type === 'date') return `CAST(${quoted} - DATE '1970-01-01' AS VARCHAR)`;
    if (type.startsWith('timestamp')) return `CAST(epoch_us(${quoted}) AS VARCHAR)`;
    return `CAST(${quoted} AS VARCHAR)`;
  });
  const rows = await query(`SELECT ${columns.join(', ')} FROM read_parquet('${path}') ORDER BY id`);
  return rows as readonly TextRow[];
}

/** Holds what a file has against what the server prints, cell by cell; floats by their value and sign, NaN like NaN. */
export function expectSame(
  file: readonly TextRow[],
  server: readonly TextRow[],
  types: Readonly<Record<string, string>>,
): void {
  const canonical = (rows: readonly TextRow[]) =>
    rows.map((row) =>
      Object.fromEntries(Object.entries(types).map(([name, type], index) => [name, canon(row[index] ?? null, type)])),
    );
  expect(canonical(file)).toEqual(canonical(server));
}

function canon(text: string | null, type: string): unknown {
  if (text === null) return null;
  switch (type) {
    case 'real':
    case 'double': {
      const number = Number(text.replace(/^(-?)inf(inity)?$/i, '$1Infinity'));
      return Object.is(number, -0) ? '-0' : String(number);
    }
    case 'boolean':
      return text === 't' || text === 'true' || text === '1';
    default:
      // DuckDB leaves out the zero where a decimal has no digits before its point
      return type.startsWith('decimal') ? text.replace(/^(-?)\./, '$10.') : text;
  }
}
