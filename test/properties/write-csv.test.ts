import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomTables } from './random-table.ts';
import { columnOrder, ROW, writeCsv } from './write-csv.ts';

it('the test-side writer writes what an independent reader reads', () => {
  fc.assert(
    fc.property(randomTables, (table) => {
      const { dialect } = table;
      const records = parse(writeCsv(table).subarray(dialect.bom ? 3 : 0), {
        delimiter: dialect.delimiter,
        escape: dialect.escape,
        record_delimiter: dialect.newline,
        encoding: 'latin1',
      }) as string[][];
      const order = columnOrder(table);
      if (dialect.header) expect(records.shift()).toEqual(order);
      expect(records).toHaveLength(table.rows.length);
      for (const [index, row] of table.rows.entries()) {
        const record = records[index] as string[];
        expect(record[order.indexOf(ROW)]).toBe(String(index));
        row.forEach((value, column) => {
          expect(record[order.indexOf(`c${column}`)]).toBe(value?.field.toString('latin1') ?? '');
        });
      }
    }),
    { numRuns: 200 },
  );
});
