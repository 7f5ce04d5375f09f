import type { QueryAnswer } from '../flow/query-answer.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { type TableColumn, widthOf } from './render-table.ts';

/** Most columns of a terminal that one cell takes, where others need the room. */
const WIDEST = 60;
/** Bytes of a binary cell that are shown. */
const BYTES = 24;
const NUMBER = /^(?:Nullable\(|LowCardinality\()*(?:U?Int\d+|Float\d+|BFloat16|Decimal)/;
const GAP = '  ';

/** The one line of `--json`; bytes that are no text are `{ "base64": … }`. */
export function answerJson({ columns, rows }: QueryAnswer, cut: boolean): string {
  return `${JSON.stringify({ query_version: 1, columns, rows: rows.map((row) => row.map(plain)), cut })}\n`;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plain(held)]));
}

/** Rows as a table: numbers to the right, NULL said, no cell on two lines. On a terminal wide cells and columns that find no room are cut. */
export function renderAnswer({ columns, rows }: QueryAnswer, io: Pick<Io, 'stdout'>): string {
  if (columns.length === 0) return '';
  const { isTTY, columns: room } = io.stdout;
  const paint = paintFor(io.stdout);
  const cells = rows.map((row) => columns.map((_column, index) => cellText(row[index])));
  const titles = columns.map(({ name }) => oneLine(name));
  const natural = titles.map((title, index) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index] ?? ''))),
  );
  const widths = isTTY ? fitWidths(natural, room) : natural;
  const left = columns.length - widths.length;
  const aligned = columns.map(
    ({ name, type }): TableColumn => ({ title: name, align: NUMBER.test(type) ? 'right' : 'left' }),
  );
  const line = (row: readonly string[], isNull: (index: number) => boolean): string =>
    widths
      .map((width, index) => {
        const text = fitted(row[index] ?? '', width, aligned[index]?.align ?? 'left');
        return isNull(index) ? paint.dim(text) : text;
      })
      .join(GAP)
      .trimEnd();
  const head = paint.bold(line(titles, () => false));
  const body = cells.map((row, at) => line(row, (index) => (rows[at]?.[index] ?? null) === null));
  const more =
    left > 0
      ? [
          paint.dim(
            `and ${left} more ${left === 1 ? 'column' : 'columns'}, for which the terminal is too narrow: --json has them`,
          ),
        ]
      : [];
  return `${[head, ...body, ...more].join('\n')}\n`;
}

/** Widths that fit into the room: the widest are cut first, down to 8; then the last columns are left out. */
function fitWidths(natural: readonly number[], room: number): readonly number[] {
  const total = (widths: readonly number[]): number =>
    widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1);
  if (total(natural) <= room) return natural;
  for (let most = Math.min(WIDEST, room); most >= 8; most -= 1) {
    const cut = natural.map((width) => Math.min(width, most));
    if (total(cut) <= room) return cut;
  }
  const narrow = natural.map((width) => Math.min(width, 8));
  while (narrow.length > 1 && total(narrow) > room) narrow.pop();
  return narrow;
}

function fitted(text: string, width: number, align: 'left' | 'right'): string {
  const letters = [...text];
  if (letters.length > width) return `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
  const blank = ' '.repeat(width - letters.length);
  return align === 'left' ? text + blank : blank + text;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === 'string') return oneLine(value);
  if (typeof value === 'object')
    return oneLine(JSON.stringify(value, (_key, held: unknown) => (held instanceof Uint8Array ? hex(held) : held)));
  return String(value);
}

function hex(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, BYTES)).toString('hex');
  return `0x${shown}${bytes.length > BYTES ? `… (${bytes.length} bytes)` : ''}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };

/** Control characters would move the cursor, or worse. */
function oneLine(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (each) => ESCAPES[each] ?? `\\u{${each.codePointAt(0)?.toString(16)}}`,
  );
}
