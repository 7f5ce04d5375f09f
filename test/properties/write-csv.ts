import type { Spelled } from './feature-values.ts';
import type { Dialect, RandomTable } from './random-table.ts';

/** Name of the column that numbers the rows, so that they can be compared in order. */
export const ROW = 'row';
export const IGNORED = 'nobody wants this';

/** Names of all columns in the order in which the file has them. */
export function columnOrder(table: RandomTable): readonly string[] {
  const names = [ROW, ...table.features.map((_, index) => `c${index}`)];
  return table.dialect.reversed ? [...names.reverse(), IGNORED] : names;
}

/** Writes a table as CSV bytes in its dialect: an obvious writer, nothing shared with the reader under test. */
export function writeCsv(table: RandomTable): Buffer {
  const { dialect, rows } = table;
  const order = columnOrder(table);
  const lines = rows.map((row, index) =>
    order.map((name) => {
      if (name === ROW) return Buffer.from(String(index));
      if (name === IGNORED) return quoted(Buffer.from(`x${dialect.delimiter}"\n`), dialect);
      return fieldOf(row[Number(name.slice(1))] ?? null, dialect);
    }),
  );
  const header = order.map((name) => (dialect.quoteAll ? quoted(Buffer.from(name), dialect) : Buffer.from(name)));
  const records = dialect.header ? [header, ...lines] : lines;
  const text = records.flatMap((fields, index) => [
    ...fields.flatMap((field, position) => (position === 0 ? [field] : [Buffer.from(dialect.delimiter), field])),
    Buffer.from(index === records.length - 1 && !dialect.finalNewline ? '' : dialect.newline),
  ]);
  return Buffer.concat([Buffer.from(dialect.bom ? '\ufeff' : ''), ...text]);
}

function fieldOf(value: Spelled | null, dialect: Dialect): Buffer {
  if (value === null) return Buffer.alloc(0);
  const special = [dialect.delimiter, '"', '\\', '\n', '\r'].some((char) => value.field.includes(char));
  const needed = special || value.field.length === 0 || value.field[0] === 0xef;
  return dialect.quoteAll || needed ? quoted(value.field, dialect) : value.field;
}

function quoted(field: Buffer, dialect: Dialect): Buffer {
  const mark = dialect.escape.charCodeAt(0);
  const bytes: number[] = [0x22];
  for (const byte of field) {
    if (byte === 0x22 || byte === mark) bytes.push(mark);
    bytes.push(byte);
  }
  bytes.push(0x22);
  return Buffer.from(bytes);
}
