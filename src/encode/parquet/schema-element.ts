import type { Field } from '../../batch/schema.ts';
import { REPETITION, TYPE } from './format.ts';
import { physicalType } from './physical-type.ts';
import type { ThriftWriter } from './thrift-writer.ts';

/** Parquet's legacy `ConvertedType`. */
const CONVERTED = {
  utf8: 0,
  decimal: 5,
  date: 6,
  timeMillis: 7,
  timeMicros: 8,
  timestampMillis: 9,
  timestampMicros: 10,
  unsigned: { 8: 11, 16: 12, 32: 13, 64: 14 },
  signed: { 8: 15, 16: 16, 32: 17, 64: 18 },
  json: 19,
} as const;

const LOGICAL = { string: 1, decimal: 5, date: 6, time: 7, timestamp: 8, integer: 10, json: 12, uuid: 14 } as const;

/** Seconds are stored as milliseconds: Parquet has no coarser unit. */
const UNIT = { s: 1, ms: 1, us: 2, ns: 3 } as const;

/** The annotation for readers that know no logical types, or null where there is none (LogicalTypes.md). */
function convertedType(type: Field['type']): number | null {
  switch (type.kind) {
    case 'int':
      if (type.bits === 64 && type.signed) return null;
      return CONVERTED[type.signed ? 'signed' : 'unsigned'][type.bits];
    case 'decimal':
      return CONVERTED.decimal;
    case 'string':
      return CONVERTED.utf8;
    case 'json':
      return CONVERTED.json;
    case 'date':
      return CONVERTED.date;
    case 'time':
      return type.unit === 'ns' ? null : type.unit === 'us' ? CONVERTED.timeMicros : CONVERTED.timeMillis;
    case 'timestamp':
      return type.unit === 'ns' ? null : type.unit === 'us' ? CONVERTED.timestampMicros : CONVERTED.timestampMillis;
    default:
      return null;
  }
}

function writeEmpty(writer: ThriftWriter, id: number): void {
  writer.begin(id);
  writer.end();
}

function writeTimed(writer: ThriftWriter, id: number, unit: keyof typeof UNIT, zoned: boolean): void {
  writer.begin(id);
  writer.boolean(1, zoned);
  writer.begin(2);
  writeEmpty(writer, UNIT[unit]);
  writer.end();
  writer.end();
}

function writeLogicalType(writer: ThriftWriter, type: Field['type']): void {
  if (type.kind === 'float' || type.kind === 'boolean' || type.kind === 'binary') return;
  if (type.kind === 'int' && type.bits === 64 && type.signed) return;
  writer.begin(10);
  switch (type.kind) {
    case 'int':
      writer.begin(LOGICAL.integer);
      writer.byte(1, type.bits);
      writer.boolean(2, type.signed);
      writer.end();
      break;
    case 'decimal':
      writer.begin(LOGICAL.decimal);
      writer.i32(1, type.scale);
      writer.i32(2, type.precision);
      writer.end();
      break;
    case 'time':
      writeTimed(writer, LOGICAL.time, type.unit, false);
      break;
    case 'timestamp':
      writeTimed(writer, LOGICAL.timestamp, type.unit, type.zoned);
      break;
    default:
      writeEmpty(writer, LOGICAL[type.kind]);
  }
  writer.end();
}

/** Writes a field's `SchemaElement`, as an element of a list; `physical`: how its values are stored. */
export function writeSchemaElement(
  writer: ThriftWriter,
  field: Field,
  physical: { readonly type: number; readonly width: number } = physicalType(field.type),
): void {
  const converted = convertedType(field.type);
  writer.begin();
  writer.i32(1, physical.type);
  if (physical.type === TYPE.fixed) writer.i32(2, physical.width);
  writer.i32(3, field.nullable ? REPETITION.optional : REPETITION.required);
  writer.string(4, field.name);
  if (converted !== null) writer.i32(6, converted);
  if (field.type.kind === 'decimal') {
    writer.i32(7, field.type.scale);
    writer.i32(8, field.type.precision);
  }
  writeLogicalType(writer, field.type);
  writer.end();
}
