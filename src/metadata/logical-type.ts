/** A feature's declared type, parsed. Units are of time; `bits` of storage. */
export type LogicalType =
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'string' }
  | { readonly kind: 'json' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zoned: boolean };

export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

const INTEGERS: Readonly<Record<string, LogicalType>> = {
  int: { kind: 'int', bits: 64, signed: true },
  integer: { kind: 'int', bits: 64, signed: true },
  bigint: { kind: 'int', bits: 64, signed: true },
  tinyint: { kind: 'int', bits: 8, signed: true },
  smallint: { kind: 'int', bits: 16, signed: true },
  int8: { kind: 'int', bits: 8, signed: true },
  int16: { kind: 'int', bits: 16, signed: true },
  int32: { kind: 'int', bits: 32, signed: true },
  int64: { kind: 'int', bits: 64, signed: true },
  uint8: { kind: 'int', bits: 8, signed: false },
  uint16: { kind: 'int', bits: 16, signed: false },
  uint32: { kind: 'int', bits: 32, signed: false },
  uint64: { kind: 'int', bits: 64, signed: false },
};

const PLAIN: Readonly<Record<string, LogicalType>> = {
  ...INTEGERS,
  float: { kind: 'float', bits: 64 },
  double: { kind: 'float', bits: 64 },
  real: { kind: 'float', bits: 32 },
  string: { kind: 'string' },
  text: { kind: 'string' },
  json: { kind: 'json' },
  binary: { kind: 'binary' },
  uuid: { kind: 'uuid' },
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  datetime: { kind: 'timestamp', unit: 's', zoned: false },
  timestamp: { kind: 'timestamp', unit: 's', zoned: false },
  timestamptz: { kind: 'timestamp', unit: 'us', zoned: true },
  time: { kind: 'time', unit: 'us' },
};

/** The spellings without parameters, for hints and the JSON Schema. */
export const PLAIN_TYPE_NAMES: readonly string[] = Object.keys(PLAIN);

/** Parses a type as it is written in metadata (`decimal(9,2)`, `timestamptz(us)`), or answers why it cannot be. */
export function parseLogicalType(text: string): LogicalType | { readonly problem: string } {
  const plain = Object.hasOwn(PLAIN, text) ? PLAIN[text] : undefined;
  if (plain) return plain;
  const decimal = /^decimal\(\s*(\d{1,3})\s*(?:,\s*(\d{1,3})\s*)?\)$/.exec(text);
  if (decimal) {
    const precision = Number(decimal[1]);
    const scale = Number(decimal[2] ?? 0);
    if (precision < 1 || precision > 38) return { problem: `decimal precision is ${precision}, 1 to 38 is possible` };
    if (scale > precision) return { problem: `decimal scale is ${scale}, above its precision of ${precision}` };
    return { kind: 'decimal', precision, scale };
  }
  const timed = /^(timestamp|timestamptz|time)\(\s*(s|ms|us|ns)\s*\)$/.exec(text);
  if (timed) {
    const unit = timed[2] as TimeUnit;
    if (timed[1] === 'time') return { kind: 'time', unit };
    return { kind: 'timestamp', unit, zoned: timed[1] === 'timestamptz' };
  }
  return { problem: `unknown type ${JSON.stringify(text)}` };
}

/** The one canonical spelling of a type, for receipts and people; `parseLogicalType` reads it back to the same type. */
export function nameLogicalType(type: LogicalType): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? '' : 'u'}int${type.bits}`;
    case 'float':
      return type.bits === 32 ? 'real' : 'double';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'time':
      return `time(${type.unit})`;
    case 'timestamp':
      return `${type.zoned ? 'timestamptz' : 'timestamp'}(${type.unit})`;
    default:
      return type.kind;
  }
}
