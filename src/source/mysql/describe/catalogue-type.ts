import type { ServerType } from '../../../flow/table-description.ts';

/** A column as `information_schema.columns` tells it. */
export interface CatalogueColumn {
  /** `int`, `varchar`, `enum`. */
  readonly dataType: string;
  /** `int(10) unsigned`, `enum('a','b')`. */
  readonly columnType: string;
  readonly characters: string | null;
  readonly bytes: string | null;
  readonly numericPrecision: string | null;
  readonly numericScale: string | null;
  readonly timePrecision: string | null;
  readonly charset: string | null;
  /** MariaDB keeps JSON as text with a check. */
  readonly checkedJson: boolean;
}

const NAMES: Readonly<Record<string, string>> = { int: 'integer', geomcollection: 'geometrycollection' };
const KINDS: Readonly<Record<string, ServerType['kind']>> = {
  enum: 'enum',
  geometry: 'other',
  point: 'other',
  linestring: 'other',
  polygon: 'other',
  multipoint: 'other',
  multilinestring: 'other',
  multipolygon: 'other',
  geometrycollection: 'other',
  vector: 'other',
};
const TIMES = new Set(['time', 'datetime', 'timestamp']);
const NUMBERS = new Set(['decimal', 'float', 'double']);
const BYTES = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob']);

/** The type of a table's column. */
export function catalogueType(column: CatalogueColumn): ServerType {
  const { dataType, columnType, checkedJson } = column;
  const lower = dataType.toLowerCase();
  const name = checkedJson && lower === 'longtext' ? 'json' : (NAMES[lower] ?? lower);
  return {
    name,
    sql: columnType,
    kind: KINDS[name] ?? 'base',
    precision: TIMES.has(name) ? numberOf(column.timePrecision) : precisionOf(name, column),
    scale: NUMBERS.has(name) ? numberOf(column.numericScale) : null,
    length: lengthOf(name, column),
    unsigned: /\bunsigned\b/i.test(columnType.replace(/'[^']*'/g, '')),
    charset: column.charset,
  };
}

function precisionOf(name: string, { numericPrecision }: CatalogueColumn): number | null {
  return NUMBERS.has(name) ? numberOf(numericPrecision) : null;
}

function lengthOf(name: string, { characters, bytes, numericPrecision }: CatalogueColumn): number | null {
  if (name === 'bit') return numberOf(numericPrecision);
  return numberOf(BYTES.has(name) ? bytes : characters);
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
