import type { Field } from '../../batch/schema.ts';
import { TYPE } from './format.ts';

/** How the kernel orders and packs a physical type (`kernel/assembly/parquet-column.ts`). */
export const KERNEL_TYPE = {
  i32: 0,
  u32: 1,
  i64: 2,
  u64: 3,
  f32: 4,
  f64: 5,
  fixedSigned: 6,
  fixedBytes: 7,
  bytes: 8,
  bits: 9,
} as const;

const CONVERT = {
  copy: 0,
  widenI8: 1,
  widenU8: 2,
  widenI16: 3,
  widenU16: 4,
  seconds32: 5,
  seconds64: 6,
  narrow32: 7,
  narrow64: 8,
  reverse: 9,
} as const;

/** A logical type as Parquet stores it. */
export interface PhysicalType {
  /** Parquet's `Type`. */
  readonly type: number;
  readonly kernel: number;
  /** How batch storage becomes it. */
  readonly convert: number;
  /** Bytes of a value; 0 where it has none of its own (bytes, bits). */
  readonly width: number;
}

const CONVERT_INT = {
  8: [CONVERT.widenU8, CONVERT.widenI8],
  16: [CONVERT.widenU16, CONVERT.widenI16],
  32: [CONVERT.copy, CONVERT.copy],
  64: [CONVERT.copy, CONVERT.copy],
} as const;

/** Least bytes of two's complement that hold every decimal of `precision` digits. */
export function decimalBytes(precision: number): number {
  let bytes = 1;
  while (2n ** BigInt(8 * bytes - 1) < 10n ** BigInt(precision)) bytes += 1;
  return bytes;
}

/** The physical type of a field's logical type (Parquet, LogicalTypes.md). */
export function physicalType(type: Field['type']): PhysicalType {
  switch (type.kind) {
    case 'int': {
      const convert = CONVERT_INT[type.bits][type.signed ? 1 : 0];
      if (type.bits === 64) {
        return { type: TYPE.int64, kernel: type.signed ? KERNEL_TYPE.i64 : KERNEL_TYPE.u64, convert, width: 8 };
      }
      return { type: TYPE.int32, kernel: type.signed ? KERNEL_TYPE.i32 : KERNEL_TYPE.u32, convert, width: 4 };
    }
    case 'float':
      return type.bits === 32
        ? { type: TYPE.float, kernel: KERNEL_TYPE.f32, convert: CONVERT.copy, width: 4 }
        : { type: TYPE.double, kernel: KERNEL_TYPE.f64, convert: CONVERT.copy, width: 8 };
    case 'decimal':
      if (type.precision <= 9) {
        return { type: TYPE.int32, kernel: KERNEL_TYPE.i32, convert: CONVERT.narrow32, width: 4 };
      }
      if (type.precision <= 18) {
        return { type: TYPE.int64, kernel: KERNEL_TYPE.i64, convert: CONVERT.narrow64, width: 8 };
      }
      return {
        type: TYPE.fixed,
        kernel: KERNEL_TYPE.fixedSigned,
        convert: CONVERT.reverse,
        width: decimalBytes(type.precision),
      };
    case 'uuid':
      return { type: TYPE.fixed, kernel: KERNEL_TYPE.fixedBytes, convert: CONVERT.copy, width: 16 };
    case 'date':
      return { type: TYPE.int32, kernel: KERNEL_TYPE.i32, convert: CONVERT.copy, width: 4 };
    case 'time': {
      const convert = type.unit === 's' ? CONVERT.seconds32 : CONVERT.copy;
      return type.unit === 's' || type.unit === 'ms'
        ? { type: TYPE.int32, kernel: KERNEL_TYPE.i32, convert, width: 4 }
        : { type: TYPE.int64, kernel: KERNEL_TYPE.i64, convert, width: 8 };
    }
    case 'timestamp': {
      const convert = type.unit === 's' ? CONVERT.seconds64 : CONVERT.copy;
      return { type: TYPE.int64, kernel: KERNEL_TYPE.i64, convert, width: 8 };
    }
    case 'boolean':
      return { type: TYPE.boolean, kernel: KERNEL_TYPE.bits, convert: CONVERT.copy, width: 0 };
    case 'string':
    case 'json':
    case 'binary':
      return { type: TYPE.byteArray, kernel: KERNEL_TYPE.bytes, convert: CONVERT.copy, width: 0 };
  }
}

/** Whether a type's values are text: bounds that are cut must stay valid UTF-8. */
export function isText(type: Field['type']): boolean {
  return type.kind === 'string' || type.kind === 'json';
}
