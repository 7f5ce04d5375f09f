import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  FixedSizeBinary,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimeSecond,
  Timestamp,
  TimeUnit,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';
import type { LogicalType } from '../metadata/logical-type.ts';

const SIGNED = { 8: () => new Int8(), 16: () => new Int16(), 32: () => new Int32(), 64: () => new Int64() } as const;
const UNSIGNED = {
  8: () => new Uint8(),
  16: () => new Uint16(),
  32: () => new Uint32(),
  64: () => new Uint64(),
} as const;

const TIME = {
  s: () => new TimeSecond(),
  ms: () => new TimeMillisecond(),
  us: () => new TimeMicrosecond(),
  ns: () => new TimeNanosecond(),
} as const;

const UNIT = {
  s: TimeUnit.SECOND,
  ms: TimeUnit.MILLISECOND,
  us: TimeUnit.MICROSECOND,
  ns: TimeUnit.NANOSECOND,
} as const;

/** The Arrow type of a logical type. */
export function arrowType(type: LogicalType): DataType {
  switch (type.kind) {
    case 'int':
      return (type.signed ? SIGNED : UNSIGNED)[type.bits]();
    case 'float':
      return type.bits === 32 ? new Float32() : new Float64();
    case 'decimal':
      return new Decimal(type.scale, type.precision, 128);
    case 'boolean':
      return new Bool();
    case 'string':
    case 'json':
      return new Utf8();
    case 'binary':
      return new Binary();
    case 'uuid':
      return new FixedSizeBinary(16);
    case 'date':
      return new DateDay();
    case 'time':
      return TIME[type.unit]();
    case 'timestamp':
      return new Timestamp(UNIT[type.unit], type.zoned ? 'UTC' : null);
  }
}
