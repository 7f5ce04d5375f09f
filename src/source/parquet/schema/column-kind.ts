import type { SchemaElement } from 'hyparquet';
import { type LogicalType, nameLogicalType, type TimeUnit } from '../../../metadata/logical-type.ts';

/** What the values of a Parquet column are, by physical type and annotation (LogicalTypes.md; the converted types of old files too). */
export type ColumnKind =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 16 | 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'json' }
  /** Without annotation, or with one that says nothing of text (BSON, GEOMETRY). */
  | { readonly kind: 'binary' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  /** `zoned` null: an INT96, which does not say. */
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zoned: boolean | null }
  | { readonly kind: 'unsupported'; readonly what: string };

const UNITS = { MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' } as const;

/** The kind of a leaf column. */
export function columnKind(element: SchemaElement): ColumnKind {
  const { type, logical_type: logical, converted_type: converted } = element;
  switch (type) {
    case 'BOOLEAN':
      return { kind: 'boolean' };
    case 'FLOAT':
      return { kind: 'float', bits: 32 };
    case 'DOUBLE':
      return { kind: 'float', bits: 64 };
    case 'INT96':
      return { kind: 'timestamp', unit: 'ns', zoned: null };
    case 'INT32':
    case 'INT64':
      return integerKind(element, type === 'INT32' ? 32 : 64);
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      return bytesKind(element);
    default:
      return { kind: 'unsupported', what: `the type ${type ?? logical?.type ?? converted ?? 'none'}` };
  }
}

function integerKind(element: SchemaElement, width: 32 | 64): ColumnKind {
  const { logical_type: logical, converted_type: converted } = element;
  const decimal = decimalKind(element);
  if (decimal !== null) return decimal;
  switch (logical?.type) {
    case 'DATE':
      return { kind: 'date' };
    case 'TIME':
      return { kind: 'time', unit: UNITS[logical.unit] };
    case 'TIMESTAMP':
      return { kind: 'timestamp', unit: UNITS[logical.unit], zoned: logical.isAdjustedToUTC };
    case 'INTEGER':
      return { kind: 'int', bits: logical.bitWidth as 8 | 16 | 32 | 64, signed: logical.isSigned };
    default:
  }
  const integer = /^(U?)INT_(8|16|32|64)$/.exec(converted ?? '');
  if (integer) return { kind: 'int', bits: Number(integer[2]) as 8 | 16 | 32 | 64, signed: integer[1] === '' };
  switch (converted) {
    case 'DATE':
      return { kind: 'date' };
    case 'TIME_MILLIS':
      return { kind: 'time', unit: 'ms' };
    case 'TIME_MICROS':
      return { kind: 'time', unit: 'us' };
    case 'TIMESTAMP_MILLIS':
      return { kind: 'timestamp', unit: 'ms', zoned: true };
    case 'TIMESTAMP_MICROS':
      return { kind: 'timestamp', unit: 'us', zoned: true };
    default:
      return { kind: 'int', bits: width, signed: true };
  }
}

function bytesKind(element: SchemaElement): ColumnKind {
  const { type, type_length: length, logical_type: logical, converted_type: converted } = element;
  const decimal = decimalKind(element);
  if (decimal !== null) return decimal;
  if (converted === 'INTERVAL') return { kind: 'unsupported', what: 'an INTERVAL' };
  if (logical?.type === 'UUID' && length === 16) return { kind: 'uuid' };
  if (logical?.type === 'FLOAT16' && length === 2) return { kind: 'float', bits: 16 };
  if (type === 'FIXED_LEN_BYTE_ARRAY') return { kind: 'binary' };
  if (logical?.type === 'JSON' || converted === 'JSON') return { kind: 'json' };
  const texts = logical?.type === 'STRING' || logical?.type === 'ENUM' || converted === 'UTF8' || converted === 'ENUM';
  return texts ? { kind: 'string' } : { kind: 'binary' };
}

function decimalKind({ logical_type: logical, converted_type, precision, scale }: SchemaElement): ColumnKind | null {
  if (logical?.type === 'DECIMAL') return { kind: 'decimal', precision: logical.precision, scale: logical.scale ?? 0 };
  return converted_type === 'DECIMAL' ? { kind: 'decimal', precision: precision ?? 38, scale: scale ?? 0 } : null;
}

/** The logical type that holds every value of a kind and nothing else; null where there is none. */
export function exactType(kind: ColumnKind): LogicalType | null {
  switch (kind.kind) {
    case 'unsupported':
      return null;
    case 'float':
      return { kind: 'float', bits: kind.bits === 64 ? 64 : 32 };
    case 'decimal': {
      const { precision, scale } = kind;
      return precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision ? kind : null;
    }
    case 'timestamp':
      return { ...kind, zoned: kind.zoned === true };
    default:
      return kind;
  }
}

/** A kind in words. */
export function describeKind(kind: ColumnKind): string {
  if (kind.kind === 'unsupported') return kind.what;
  if (kind.kind === 'timestamp' && kind.zoned === null) return 'timestamp(ns), as INT96';
  if (kind.kind === 'float' && kind.bits === 16) return 'a FLOAT16';
  const exact = exactType(kind);
  return exact === null ? `decimal(${(kind as { precision: number }).precision},…)` : nameLogicalType(exact);
}
