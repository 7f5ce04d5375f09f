import type { ParquetDescription } from './describe-parquet.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import type { cellOf } from './parquet-cells.ts';
import { shortPath } from './render-receipts.ts';
import { renderTable, widthOf } from './render-table.ts';
import { humanBytes, humanCount } from './units.ts';

type Cell = ReturnType<typeof cellOf>;

const WIDTH = 100;
const CELL_WIDTH = 24;
const GROUPS_SHOWN = 20;

/** A Parquet file for people: what it is, its columns with their bounds, its row groups, its first rows. */
export function renderParquet(file: ParquetDescription, rows: readonly (readonly Cell[])[], io: Io): string {
  const paint = paintFor(io.stdout);
  const groups = file.rowGroups.length;
  const lines = [
    `${paint.bold(shortPath(file.path, io.cwd))}: ${humanCount(file.rows)} rows, ${file.columns.length} columns, ${humanBytes(file.bytes)}, ${humanCount(groups)} row group${groups === 1 ? '' : 's'}`,
  ];
  if (file.createdBy !== null) lines.push(`written by ${file.createdBy}`);
  for (const [key, value] of Object.entries(file.keyValues)) lines.push(`${paint.dim(key)} ${clip(value, 80)}`);
  const columns = file.columns.map((column) => [
    clip(column.name, CELL_WIDTH),
    column.type + (column.nullable ? '' : ' not null'),
    column.nulls === null ? '?' : humanCount(column.nulls),
    column.sensitive ? '***' : text(column.min, 16),
    column.sensitive ? '***' : text(column.max, 16),
    humanBytes(column.compressedBytes),
    [...column.codecs, ...column.encodings.map(shortEncoding)].join(' '),
  ]);
  lines.push('', ...table(['column', 'type', 'nulls', 'min', 'max', 'bytes', 'stored as'], columns, [2, 5]));
  if (groups > 1) {
    const shown = file.rowGroups.slice(0, GROUPS_SHOWN);
    const cells = shown.map((group, index) => [
      String(index),
      humanCount(group.rows),
      humanBytes(group.compressedBytes),
      group.columns
        .slice(0, 2)
        .map(({ column, min, max }) => `${column} ${text(min, 16)} … ${text(max, 16)}`)
        .join(', '),
    ]);
    lines.push('', ...table(['group', 'rows', 'bytes', 'bounds of the first columns'], cells, [0, 1, 2]));
    if (groups > shown.length) lines.push(`and ${groups - shown.length} more (--json lists all)`);
  }
  if (rows.length > 0) lines.push('', ...rowLines(file, rows));
  return `${lines.join('\n')}\n`;
}

function rowLines(file: ParquetDescription, rows: readonly (readonly Cell[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => text(cell, CELL_WIDTH)));
  let width = 0;
  let shown = 0;
  for (const [index, { name }] of file.columns.entries()) {
    const widest = Math.max(...[clip(name, CELL_WIDTH), ...cells.map((row) => row[index] ?? '')].map(widthOf));
    if (shown > 0 && width + widest > WIDTH) break;
    width += widest + 2;
    shown++;
  }
  const titles = file.columns.slice(0, shown).map(({ name }) => clip(name, CELL_WIDTH));
  const lines = table(
    titles,
    cells.map((row) => row.slice(0, shown)),
    [],
  );
  const left = file.columns.length - shown;
  return left > 0 ? [...lines, `and ${left} more column${left === 1 ? '' : 's'} (--json shows all)`] : lines;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const columns = titles.map((title, index) => ({ title, align: right.includes(index) ? 'right' : 'left' }) as const);
  return renderTable(columns, rows, { width: 160 });
}

function text(cell: Cell, width: number): string {
  return cell === null ? '·' : clip(String(cell).replace(/\p{Cc}/gu, ' '), width);
}

function clip(value: string, width: number): string {
  const letters = [...value];
  return letters.length <= width ? value : `${letters.slice(0, width - 1).join('')}…`;
}

function shortEncoding(name: string): string {
  return name
    .replace('RLE_DICTIONARY', 'DICT')
    .replace('DELTA_BINARY_PACKED', 'DELTA')
    .replace('DELTA_LENGTH_BYTE_ARRAY', 'DELTA_LENGTH');
}
