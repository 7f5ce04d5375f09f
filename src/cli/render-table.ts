/** One column of a table. */
export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/** Whole characters of a text, as a terminal counts most of them. */
export function widthOf(text: string): number {
  return [...text].length;
}

/** Lines of a table: titles, then rows; the first column is cut short (`…`) where the table would not fit into `width`. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: { readonly width: number; readonly indent?: string },
): string[] {
  const indent = options.indent ?? '';
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  const total = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1) + widthOf(indent);
  const surplus = total - options.width;
  if (surplus > 0) widths[0] = Math.max(8, (widths[0] ?? 0) - surplus);
  const line = (cells: readonly string[]): string =>
    (
      indent + columns.map(({ align }, index) => fitted(cells[index] ?? '', widths[index] ?? 0, align)).join(GAP)
    ).trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

function fitted(text: string, width: number, align: 'left' | 'right'): string {
  const letters = [...text];
  if (letters.length > width) return `${letters.slice(0, width - 1).join('')}…`;
  const blank = ' '.repeat(width - letters.length);
  return align === 'left' ? text + blank : blank + text;
}
