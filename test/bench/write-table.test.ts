import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { columnsOf, VARIANTS, type Variant } from './variant.ts';
import { writeTable } from './write-table.ts';

const ROWS = 3000;
const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

function generate(variant: Variant, name: string): string {
  const path = join(folder, name);
  const bytes = writeTable(path, variant, ROWS, 7);
  const text = readFileSync(path, 'utf8');
  expect(Buffer.byteLength(text)).toBe(bytes);
  return text;
}

describe('the generated tables', () => {
  it.each(VARIANTS.filter(({ rejects }) => rejects === 0))(
    '$name: an independent reader finds every row and column',
    (variant) => {
      const text = generate(variant, `${variant.name}.csv`);
      const records = parse(text, { record_delimiter: variant.newline }) as string[][];
      const width = columnsOf(variant).length;
      expect(records).toHaveLength(ROWS + 1);
      expect(records.every((record) => record.length === width)).toBe(true);
      expect(records[0]).toEqual(columnsOf(variant).map(({ name }) => name));
      const cells = records.slice(1).flat();
      const empty = cells.filter((cell) => cell === '').length / cells.length;
      expect(empty).toBeGreaterThanOrEqual(variant.nulls * 0.8);
      expect(empty).toBeLessThanOrEqual(variant.nulls);
      expect(text.includes('\r\n')).toBe(variant.newline === '\r\n');
      const notes = records.slice(1).map((record) => record[9] as string);
      const special = notes.filter((note) => note.includes(',') && note.includes('"')).length / ROWS;
      expect(special).toBeGreaterThan(0.05);
      expect(special).toBeLessThan(0.15);
      if (variant.quoteAll) expect(text.split(variant.newline)[1]).toMatch(/^"\d+","/);
    },
  );

  it('rejects: about one row in a hundred is bad, each in a way that no type can hold', () => {
    const variant = VARIANTS.find(({ name }) => name === 'rejects') as Variant;
    const records = parse(generate(variant, 'rejects.csv'), { relax_column_count: true }) as string[][];
    const bad = records
      .slice(1)
      .filter(
        ([, quantity, created, ...rest]) =>
          rest.length !== 7 ||
          !/^\d+$/.test(quantity as string) ||
          Number(quantity) > 32_767 ||
          created?.includes('-13-'),
      );
    expect(bad.length / ROWS).toBeGreaterThan(0.005);
    expect(bad.length / ROWS).toBeLessThan(0.02);
  });

  it('the same seed writes the same bytes', () => {
    const [main] = VARIANTS as [Variant];
    expect(generate(main, 'a.csv')).toBe(generate(main, 'b.csv'));
  });
});
