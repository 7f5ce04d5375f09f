/** What a column holds; every peer has its own name for it. */
export type ColumnKind = 'int64' | 'int16' | 'timestamp' | 'double' | 'text';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** One generated table: the main file, or what is different about a variant of it. */
export interface Variant {
  readonly name: string;
  /** Rows at full size (about 450 MB). */
  readonly rows: number;
  /** How often the ten columns are repeated in a row. */
  readonly copies: number;
  /** Share of empty cells in every column but the first. */
  readonly nulls: number;
  readonly quoteAll: boolean;
  readonly newline: '\n' | '\r\n';
  /** Share of rows that no reader may take: a bad value, or a wrong number of fields. */
  readonly rejects: number;
}

const MAIN: Variant = {
  name: 'main',
  rows: 4_000_000,
  copies: 1,
  nulls: 0,
  quoteAll: false,
  newline: '\n',
  rejects: 0,
};

export const VARIANTS: readonly Variant[] = [
  MAIN,
  { ...MAIN, name: 'nulls', nulls: 0.1 },
  { ...MAIN, name: 'quoted', quoteAll: true },
  { ...MAIN, name: 'crlf', newline: '\r\n' },
  { ...MAIN, name: 'rejects', rejects: 0.01 },
  { ...MAIN, name: 'wide', rows: 400_000, copies: 10 },
];

const TEN: readonly Column[] = [
  { name: 'order_id', kind: 'int64' },
  { name: 'quantity', kind: 'int16' },
  { name: 'created_at', kind: 'timestamp' },
  { name: 'updated_at', kind: 'timestamp' },
  { name: 'price', kind: 'double' },
  { name: 'discount', kind: 'double' },
  { name: 'status', kind: 'text' },
  { name: 'city', kind: 'text' },
  { name: 'customer', kind: 'text' },
  { name: 'note', kind: 'text' },
];

/** The columns of a variant in order; repeated ones are numbered. */
export function columnsOf(variant: Variant): readonly Column[] {
  return Array.from({ length: variant.copies }, (_, copy) =>
    TEN.map(({ name, kind }) => ({ name: copy === 0 ? name : `${name}_${copy + 1}`, kind })),
  ).flat();
}
