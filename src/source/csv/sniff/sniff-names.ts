import type { GivenDialect } from '../../../flow/sniff.ts';
import type { MarkedTable } from './sniff-table.ts';

/** What the columns of a table are called, and what that takes. */
export interface ColumnNames {
  readonly header: boolean;
  readonly columns: readonly string[];
  readonly skipRows: number;
  /** In a few words. */
  readonly said: string;
  readonly because: readonly string[];
  readonly whySkipped: string;
}

/** Names all columns: as the header does where it can, else by skipping it and making up what it lacks. */
export function nameColumns({ table }: MarkedTable, given: GivenDialect): ColumnNames {
  const { good, before, header, width, oddHeader, trailing } = table;
  // Blank and comment lines are passed over by themselves.
  const start = given.skipRows ?? (before > 0 ? (good[0]?.line ?? 0) : 0);
  const preamble = start > 0 ? `${start} ${start === 1 ? 'line stands' : 'lines stand'} before the table` : '';
  if (header.rows === 0) {
    const columns = Array.from({ length: width }, (_, index) => `column_${index + 1}`);
    return { header: false, columns, skipRows: start, said: 'none', because: [], whySkipped: preamble };
  }
  const rows = good.slice(0, header.rows);
  const wide = trailing ? width + 1 : width;
  const raw =
    header.rows === 1
      ? (rows[0]?.cells ?? [])
      : joinNames(
          rows.map(({ cells }) => cells),
          wide,
        );
  const names = raw.slice(0, trailing && raw.length > width ? width : raw.length);
  const unique = new Set(names).size === names.length && !names.includes('');
  if (header.rows === 1 && unique && !oddHeader && names.length === width) {
    return { header: true, columns: names, skipRows: start, said: 'the first row', because: [], whySkipped: preamble };
  }
  const because: string[] = [];
  if (new Set(names).size < names.length) because.push('names stand in it more than once');
  if (names.includes('')) because.push('names in it are blank');
  because.push('so it is skipped, and columns names them all');
  const last = rows.at(-1);
  const skipRows = last === undefined ? start : last.line + last.lines;
  const padded = oddHeader && names.length === width - 1 && rowNames(table) ? ['', ...names] : names;
  const said = header.rows === 1 ? 'the first row, by columns' : `the first ${header.rows} rows, by columns`;
  const whySkipped = [preamble, 'the header is among the lines skipped'].filter((text) => text !== '').join('; ');
  return { header: false, columns: uniqueNames(padded, width), skipRows, said, because, whySkipped };
}

/** Names that several rows hold: a name that spans columns stands over the first of them only. */
function joinNames(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const filled = rows.map((cells, index) => {
    if (index === rows.length - 1) return cells;
    let before = '';
    return cells.map((cell) => {
      if (cell !== '') before = cell;
      return before;
    });
  });
  return Array.from({ length: width }, (_, column) => {
    const parts = filled.map((cells) => cells[column] ?? '').filter((part) => part !== '');
    return parts.filter((part, index) => part !== parts[index - 1]).join(' ');
  });
}

/** The first column counts the rows: its name is the one that is missing, as R writes it. */
function rowNames({ good, header }: MarkedTable['table']): boolean {
  return good.slice(header.rows, header.rows + 20).every((row, index) => row.cells[0] === String(index + 1));
}

function uniqueNames(names: readonly string[], width: number): readonly string[] {
  const taken = new Set<string>();
  return Array.from({ length: width }, (_, index) => {
    const name = names[index] || `column_${index + 1}`;
    let free = name;
    for (let more = 2; taken.has(free) || (free !== name && names.includes(free)); more += 1) free = `${name}_${more}`;
    taken.add(free);
    return free;
  });
}
