import { COLUMNS, QUOTED, REMARK } from './clean-table.ts';
import { type Piece, type PollutedDialect, quoteCell } from './polluted-file.ts';

/** One row of a table about to be polluted. */
export interface RowSite {
  readonly cells: readonly string[];
  readonly row: number;
  /** 0 to 7: between which fields, or in which one; never in the last, whose end cannot be told from the row's. */
  readonly position: number;
  readonly dialect: PollutedDialect;
  readonly last: boolean;
}

/** A pollution of one row: its pieces, line end included, and whether the next row goes with it. */
export interface RowPollution {
  readonly kind: string;
  readonly dialect?: Partial<PollutedDialect>;
  /** Only the type of a column can tell. */
  readonly byType?: boolean;
  pollute(site: RowSite): { readonly pieces: readonly Piece[]; readonly takesNext?: boolean };
}

const fieldsOf = ({ cells, dialect }: RowSite): string[] => cells.map((cell) => quoteCell(cell, dialect));
const joined = (fields: readonly string[], { dialect }: RowSite): string =>
  fields.join(dialect.delimiter) + dialect.rowEnd;

/** Fields → fields: the row is damaged. */
const byFields =
  (change: (fields: string[], site: RowSite) => readonly string[]): RowPollution['pollute'] =>
  (site) => ({ pieces: [{ text: joined(change(fieldsOf(site), site), site), row: site.row, damaged: true }] });

/** Text → text. */
const byText =
  (change: (text: string, site: RowSite) => string | Uint8Array, takesNext = false): RowPollution['pollute'] =>
  (site) => ({
    pieces: [{ text: change(joined(fieldsOf(site), site), site), row: site.row, damaged: true }],
    ...(takesNext ? { takesNext: true } : {}),
  });

/** Something before the row, which stays whole. */
const before =
  (text: (site: RowSite) => string): RowPollution['pollute'] =>
  (site) => ({
    pieces: [
      { text: text(site), row: null, damaged: false },
      { text: joined(fieldsOf(site), site), row: site.row, damaged: false },
    ],
  });

/** The row with another end. */
const byEnd =
  (end: string, damaged: boolean, takesNext: boolean): RowPollution['pollute'] =>
  (site) => ({
    pieces: [
      {
        text: fieldsOf(site).join(site.dialect.delimiter) + (site.last && end !== '' ? site.dialect.rowEnd : end),
        row: site.row,
        damaged: damaged && !site.last,
      },
    ],
    takesNext: takesNext && !site.last,
  });

/** The delimiter at the site's position replaced. */
const atDelimiter = (by: (delimiter: string) => string): RowPollution['pollute'] =>
  byFields((fields, { position, dialect }) => {
    const pair = `${fields[position]}${by(dialect.delimiter)}${fields[position + 1]}`;
    return [...fields.slice(0, position), pair, ...fields.slice(position + 2)];
  });

const atName = (change: (name: string) => string): RowPollution['pollute'] =>
  byFields((fields) => fields.map((field, index) => (index === QUOTED ? change(field) : field)));

/** Something put into the middle of an unquoted field. */
const inField = (piece: string): RowPollution['pollute'] =>
  byFields((fields, { position }) =>
    fields.map((field, index) => {
      if (index !== (position === QUOTED || position === REMARK ? 1 : position)) return field;
      return `${field.slice(0, field.length >> 1)}${piece}${field.slice(field.length >> 1)}`;
    }),
  );

/** Every kind that can befall any row. */
export const ROW_POLLUTIONS: readonly RowPollution[] = [
  { kind: 'a field delimiter is another character', pollute: atDelimiter(() => ';') },
  { kind: 'all field delimiters of a row are others', pollute: byFields((fields) => [fields.join('|')]) },
  { kind: 'a field delimiter is doubled', pollute: atDelimiter((delimiter) => delimiter + delimiter) },
  { kind: 'a field delimiter is missing', pollute: atDelimiter(() => '') },
  { kind: 'a surplus delimiter before a row', pollute: byFields((fields) => ['', ...fields]) },
  { kind: 'a surplus delimiter after a row', pollute: byFields((fields) => [...fields, '']) },
  { kind: 'a field is missing', pollute: byFields((fields, { position }) => fields.toSpliced(position, 1)) },
  { kind: 'a field too many', pollute: byFields((fields, { position }) => fields.toSpliced(position, 0, '7')) },
  { kind: 'a row end is missing', pollute: byEnd('', true, true) },
  { kind: 'a row end is doubled', pollute: byEnd('\n\n', false, false) },
  { kind: 'a row ends with CR in a file of LF', pollute: byEnd('\r', true, true) },
  { kind: 'a row ends with CRLF in a file of LF', pollute: byEnd('\r\n', false, false) },
  { kind: 'a row ends with a record separator', pollute: byEnd('\u001e', true, true) },
  { kind: 'a row end between two fields', pollute: atDelimiter(() => '\n') },
  // What follows a break in the first field, and what stands before one in the last, may be a right row by itself: nobody can know.
  {
    kind: 'a row end inside a field',
    pollute: (site) => inField('\n')({ ...site, position: Math.max(1, site.position) }),
  },
  { kind: 'a CR inside a field', pollute: inField('\r') },
  { kind: 'an opening quote is missing', pollute: atName((name) => name.slice(1)) },
  { kind: 'a closing quote is missing', pollute: atName((name) => name.slice(0, -1)) },
  { kind: 'both quotes are missing', pollute: atName((name) => name.slice(1, -1)) },
  { kind: 'quotes are others', pollute: atName((name) => `'${name.slice(1, -1)}'`) },
  { kind: 'quotes are doubled', pollute: atName((name) => `"${name}"`) },
  { kind: 'a quote inside quotes is not doubled', pollute: atName((name) => name.replace(',', ' "x",')) },
  { kind: 'one quote of a doubled pair is missing', pollute: atName((name) => name.replace(',', ', ""x" ')) },
  {
    kind: 'quotes inside quotes are escaped by backslashes',
    pollute: atName((name) => name.replace(',', ' \\"x\\",')),
  },
  { kind: 'a quote opens in mid-field', pollute: inField('"') },
  {
    kind: 'a quote is opened and never closed',
    pollute: byFields((fields, { position }) =>
      fields.map((field, index) =>
        index === (position === QUOTED || position === REMARK ? 8 : position) ? `"${field.replaceAll('"', '')}` : field,
      ),
    ),
  },
  { kind: 'a byte order mark before a row', pollute: byText((text) => `\ufeff${text}`) },
  {
    kind: 'a NUL or another control character in a number',
    byType: true,
    pollute: byFields((fields, { position }) =>
      position % 2 === 0 ? fields.with(0, '1\0') : fields.with(4, '1\u00012'),
    ),
  },
  {
    kind: 'a byte that is not UTF-8',
    pollute: byText((text, { dialect }) => {
      const at = text.indexOf(dialect.delimiter) + 2;
      return Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.of(0xff), Buffer.from(text.slice(at))]);
    }),
  },
  {
    kind: 'the header stands there once more',
    pollute: before(({ dialect }) => `${COLUMNS.map(({ name }) => name).join(dialect.delimiter)}${dialect.rowEnd}`),
  },
  { kind: 'rows of another table', pollute: before(() => 'region,total\nNorth,12\n"South, east",7\n') },
  { kind: 'a comment line', dialect: { comment: '#' }, pollute: before(() => '# it says "late, or never\n') },
];
