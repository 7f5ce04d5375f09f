import type { ServerType } from '../../flow/table-description.ts';
import { bare, type Held, type ServerValue, type Sql } from './server-value.ts';

const asText: Sql = (name) => `${name}::text`;

const text = (held: Held): ServerValue => ({ held, wire: null, binary: asText, text: asText });
/** Types that are sent in binary as their text is. */
const characters: ServerValue = { held: { kind: 'text' }, wire: { form: 'text' }, binary: bare, text: bare };
const int = (bits: 16 | 32 | 64, signed: boolean): ServerValue => ({
  held: { kind: 'int', bits, signed },
  wire: { form: 'int', bytes: (bits / 8) as 2 | 4 | 8, signed },
  binary: bare,
  text: asText,
});
const float = (bits: 32 | 64): ServerValue => ({
  held: { kind: 'float', bits },
  wire: { form: 'float', bytes: (bits / 8) as 4 | 8 },
  binary: bare,
  text: asText,
});
const digitsOf = ({ precision }: ServerType): number => precision ?? 6;

/** Decimals of any scale: one below zero means zeroes before the point, one above the precision zeroes behind it. */
function numeric({ precision, scale }: ServerType): ServerValue {
  const fraction = scale ?? 0;
  const held: Held =
    precision === null
      ? { kind: 'decimal', precision: null, scale: null }
      : {
          kind: 'decimal',
          precision: Math.max(precision - Math.min(fraction, 0), fraction),
          scale: Math.max(fraction, 0),
        };
  return { held, wire: { form: 'numeric' }, binary: bare, text: asText };
}

/** Written as its locale says (`$1,234.50`), so that the number is taken; two digits behind the point, as nearly everywhere. */
const money: ServerValue = {
  held: { kind: 'decimal', precision: 19, scale: 2 },
  wire: { form: 'numeric' },
  binary: (name) => `${name}::numeric`,
  text: (name) => `${name}::numeric::text`,
};

/** `::text` is not what the server prints: of an address it adds a netmask, of XML it keeps an encoding that is no more. */
const printed = (output: string): ServerValue => ({
  ...text({ kind: 'other' }),
  text: (name) => `textin(${output}(${name}))`,
});

const bits = ({ length }: ServerType): ServerValue => ({
  held: { kind: 'bits', length, number: false },
  wire: { form: 'bits' },
  binary: bare,
  text: asText,
});

/** The type of one byte where PostgreSQL writes it in quotes; else text with blanks up to its length, which say nothing but in texts. */
const char = ({ sql }: ServerType): ServerValue =>
  sql === '"char"' ? text({ kind: 'text' }) : { ...characters, binary: asText };

const time = (type: ServerType): ServerValue => ({
  held: { kind: 'time', digits: digitsOf(type), daily: true },
  wire: { form: 'time' },
  binary: bare,
  text: asText,
});

const timestamp = (type: ServerType, zoned: boolean): ServerValue => ({
  held: { kind: 'timestamp', digits: digitsOf(type), zoned },
  wire: { form: 'timestamp' },
  binary: bare,
  text: asText,
});

type Value = ServerValue | ((type: ServerType) => ServerValue);

/** What is known by its text alone. */
const OTHERS = [
  ...['timetz', 'interval', 'cidr', 'macaddr', 'macaddr8', 'tsvector', 'tsquery', 'jsonpath', 'pg_lsn', 'tid'],
  ...['pg_snapshot', 'txid_snapshot', 'int2vector', 'oidvector', 'refcursor', 'regclass', 'regcollation', 'regconfig'],
  ...['regdictionary', 'regnamespace', 'regoper', 'regoperator', 'regproc', 'regprocedure', 'regrole', 'regtype'],
];

const VALUES: Readonly<Record<string, Value>> = {
  smallint: int(16, true),
  integer: int(32, true),
  bigint: int(64, true),
  oid: int(32, false),
  xid: int(32, false),
  cid: int(32, false),
  xid8: int(64, false),
  real: float(32),
  'double precision': float(64),
  numeric,
  money,
  boolean: { held: { kind: 'boolean' }, wire: { form: 'bool' }, binary: bare, text: asText },
  text: characters,
  varchar: characters,
  citext: characters,
  name: characters,
  char,
  bytea: {
    held: { kind: 'bytes' },
    wire: { form: 'bytes' },
    binary: bare,
    text: (name) => `encode(${name}, 'hex')`,
  },
  uuid: { held: { kind: 'uuid' }, wire: { form: 'uuid' }, binary: bare, text: asText },
  json: text({ kind: 'json' }),
  jsonb: text({ kind: 'json' }),
  date: { held: { kind: 'date' }, wire: { form: 'date' }, binary: bare, text: asText },
  time,
  timestamp: (type) => timestamp(type, false),
  timestamptz: (type) => timestamp(type, true),
  bit: bits,
  varbit: bits,
  inet: printed('inet_out'),
  xml: printed('xml_out'),
  ...Object.fromEntries(OTHERS.map((name) => [name, text({ kind: 'other' })])),
};

/** Names that the catalogue, or the standard, has for the same types. */
const NAMES: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  double: 'double precision',
  decimal: 'numeric',
  bool: 'boolean',
  bpchar: 'char',
  character: 'char',
  '"char"': 'char',
  'character varying': 'varchar',
  'bit varying': 'varbit',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
};

/** What values a type of PostgreSQL has; null where no feature can hold them. */
export function postgresValue(type: ServerType): ServerValue | null {
  const name = Object.hasOwn(NAMES, type.name) ? (NAMES[type.name] ?? type.name) : type.name;
  switch (type.kind) {
    case 'enum':
      return characters;
    case 'array':
      // what a locale writes is no exact text of money
      return {
        held: { kind: 'array' },
        wire: { form: 'text' },
        binary: (column) => `to_json(${column}${name === 'money' ? '::numeric[]' : ''})::text`,
        text: (column) => `${column}${name === 'money' ? '::numeric[]' : ''}::text`,
      };
    case 'base': {
      const value = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
      return typeof value === 'function' ? value(type) : (value ?? null);
    }
    default:
      return null;
  }
}
