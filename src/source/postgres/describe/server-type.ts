import type { ServerType } from '../../../flow/table-description.ts';

/** What the catalogue says of a type, domains resolved; of an array that of its elements. */
export interface TypeFacts {
  /** `pg_type.typname`. */
  readonly name: string;
  /** Whether it is one of PostgreSQL's own. */
  readonly builtIn: boolean;
  /** `pg_type.typtype`. */
  readonly category: string;
  readonly array: boolean;
  /** -1 = none. */
  readonly modifier: number;
  /** As the server writes it. */
  readonly sql: string;
}

/** Names that SQL has for types which the catalogue calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double',
  bool: 'boolean',
  bpchar: 'char',
  // the single byte of the catalogues
  char: '"char"',
};

const KINDS: Readonly<Record<string, ServerType['kind']>> = {
  b: 'base',
  e: 'enum',
  r: 'range',
  m: 'range',
  c: 'composite',
};

const FRACTIONS: ReadonlySet<string> = new Set(['time', 'timetz', 'timestamp', 'timestamptz']);
const CHARACTERS: ReadonlySet<string> = new Set(['bpchar', 'varchar']);
const BITS: ReadonlySet<string> = new Set(['bit', 'varbit']);

/** A type as plans know it. */
export function serverType({ name, builtIn, category, array, modifier, sql }: TypeFacts): ServerType {
  return {
    name: builtIn ? (NAMES[name] ?? name) : name,
    sql,
    kind: array ? 'array' : (KINDS[category] ?? 'other'),
    ...sizesOf(builtIn && modifier >= 0 ? name : '', modifier),
    unsigned: false,
    charset: null,
  };
}

/** What a type's modifier means. */
function sizesOf(name: string, modifier: number): Pick<ServerType, 'precision' | 'scale' | 'length'> {
  const none = { precision: null, scale: null, length: null };
  if (name === 'numeric') {
    const packed = modifier - 4;
    // eleven bits with a sign: a scale may be negative
    return { ...none, precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 1024) - 1024 };
  }
  if (FRACTIONS.has(name)) return { ...none, precision: modifier };
  if (name === 'interval') {
    const digits = modifier & 0xffff;
    return { ...none, precision: digits === 0xffff ? null : digits };
  }
  if (CHARACTERS.has(name)) return { ...none, length: modifier - 4 };
  return BITS.has(name) ? { ...none, length: modifier } : none;
}
