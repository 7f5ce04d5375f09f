import type { ServerType } from '../../flow/table-description.ts';
import { bare, type Held, type ServerValue, type Sql } from './server-value.ts';

const asText: Sql = (name) => `CAST(${name} AS CHAR)`;

const text = (held: Held): ServerValue => ({ held, wire: null, binary: asText, text: asText });
/** Sent as text, in whatever character set the session asks for. */
const characters = (held: Held): ServerValue => ({ held, wire: { form: 'text' }, binary: bare, text: bare });

const bytes: ServerValue = {
  held: { kind: 'bytes' },
  wire: { form: 'bytes' },
  binary: bare,
  text: (name) => `HEX(${name})`,
};

/** `width`: bytes that are sent. */
const int =
  (bits: 8 | 16 | 32 | 64, width: 1 | 2 | 4 | 8) =>
  ({ unsigned }: ServerType): ServerValue => ({
    held: { kind: 'int', bits, signed: !unsigned },
    wire: { form: 'int', bytes: width, signed: !unsigned },
    binary: bare,
    text: asText,
  });

/** Below 2^24, so that a sign needs no more room. */
const mediumint = ({ unsigned }: ServerType): ServerValue => ({
  ...int(32, 4)({ unsigned: false } as ServerType),
  wire: { form: 'int', bytes: 4, signed: !unsigned },
});

const year: ServerValue = {
  held: { kind: 'int', bits: 16, signed: true },
  wire: { form: 'int', bytes: 2, signed: false },
  binary: bare,
  text: asText,
};

/** A single prints six digits and means more; as a double it prints them all. */
const float: ServerValue = {
  held: { kind: 'float', bits: 32 },
  wire: { form: 'float', bytes: 4 },
  binary: bare,
  text: (name) => `CAST(${name} + 0e0 AS CHAR)`,
};

const decimal = ({ precision, scale }: ServerType): ServerValue => ({
  held: { kind: 'decimal', precision: precision ?? 10, scale: scale ?? 0 },
  wire: { form: 'text' },
  binary: bare,
  text: asText,
});

const bit = ({ length }: ServerType): ServerValue => ({
  held: { kind: 'bits', length: length ?? 1, number: true },
  wire: { form: 'bits' },
  binary: bare,
  text: (name) => `LPAD(BIN(${name}), ${length ?? 1}, '0')`,
});

const temporal = (held: Held, form: 'date' | 'time' | 'timestamp'): ServerValue => ({
  held,
  wire: { form },
  binary: bare,
  text: asText,
});

const digitsOf = ({ precision }: ServerType): number => precision ?? 0;

/**
 * Character sets of which every byte has its place in Unicode. Of others the server makes `?` out of what has none, and says nothing; such
 * a value is made bytes that are no text instead, and rejected.
 */
const WHOLE = new Set([
  ...['utf8', 'utf8mb3', 'utf8mb4', 'ucs2', 'utf16', 'utf16le', 'utf32', 'latin1', 'latin2', 'latin5', 'latin7'],
  ...['armscii8', 'cp850', 'cp852', 'cp866', 'keybcs2', 'koi8r', 'koi8u', 'macce', 'macroman', 'tis620'],
]);

function string({ charset }: ServerType): ServerValue {
  if (charset === 'binary') return bytes;
  const known = charset === null || WHOLE.has(charset) || !/^\w+$/.test(charset);
  const held: Held = { kind: 'text' };
  if (known) return characters(held);
  const marks = (value: string, mark: string): string =>
    `CHAR_LENGTH(${value}) - CHAR_LENGTH(REPLACE(${value}, ${mark}, ''))`;
  const guarded: Sql = (name) => {
    const unicode = `CONVERT(${name} USING utf8mb4)`;
    const before = marks(name, `CONVERT('?' USING ${charset})`);
    return `IF(${before} <> ${marks(unicode, "'?'")}, BINARY X'FF', BINARY ${unicode})`;
  };
  return { held, wire: { form: 'text' }, binary: guarded, text: guarded };
}

const VALUES: Readonly<Record<string, ServerValue | ((type: ServerType) => ServerValue)>> = {
  tinyint: int(8, 1),
  smallint: int(16, 2),
  mediumint,
  integer: int(32, 4),
  bigint: int(64, 8),
  year,
  float,
  double: {
    held: { kind: 'float', bits: 64 },
    wire: { form: 'float', bytes: 8 },
    binary: bare,
    text: asText,
  },
  decimal,
  bit,
  date: temporal({ kind: 'date' }, 'date'),
  time: (type) => temporal({ kind: 'time', digits: digitsOf(type), daily: false }, 'time'),
  datetime: (type) => temporal({ kind: 'timestamp', digits: digitsOf(type), zoned: false }, 'timestamp'),
  timestamp: (type) => temporal({ kind: 'timestamp', digits: digitsOf(type), zoned: true }, 'timestamp'),
  char: string,
  varchar: string,
  tinytext: string,
  text: string,
  mediumtext: string,
  longtext: string,
  enum: string,
  set: string,
  null: string,
  json: characters({ kind: 'json' }),
  binary: bytes,
  varbinary: bytes,
  tinyblob: bytes,
  blob: bytes,
  mediumblob: bytes,
  longblob: bytes,
  uuid: text({ kind: 'uuid' }),
  inet4: text({ kind: 'other' }),
  inet6: text({ kind: 'other' }),
};

const NAMES: Readonly<Record<string, string>> = {
  int: 'integer',
  bool: 'tinyint',
  boolean: 'tinyint',
  numeric: 'decimal',
  real: 'double',
  'double precision': 'double',
};

/** What values a type of MySQL or MariaDB has; null where no feature can hold them. */
export function mysqlValue(type: ServerType): ServerValue | null {
  if (type.kind === 'enum') return string(type);
  if (type.kind !== 'base') return null;
  const name = Object.hasOwn(NAMES, type.name) ? (NAMES[type.name] ?? type.name) : type.name;
  const value = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  return typeof value === 'function' ? value(type) : (value ?? null);
}
