import type { LogicalType } from '../metadata/logical-type.ts';

/**
 * How one column lies in kernel memory: Arrow's own layout, little-endian.
 * `fixed` = `width` bytes a value; `bits` = one bit a value, LSB first; `bytes` = i32 offsets (rows + 1) and data.
 */
export type Storage =
  | { readonly kind: 'fixed'; readonly width: 1 | 2 | 4 | 8 | 16 }
  | { readonly kind: 'bits' }
  | { readonly kind: 'bytes' };

/** The storage of a logical type (Arrow columnar format 1.5, "Physical memory layout"). Decimals are always 16 bytes. */
export function storageOf(type: LogicalType): Storage {
  switch (type.kind) {
    case 'int':
      return { kind: 'fixed', width: (type.bits / 8) as 1 | 2 | 4 | 8 };
    case 'float':
      return { kind: 'fixed', width: type.bits === 32 ? 4 : 8 };
    case 'decimal':
    case 'uuid':
      return { kind: 'fixed', width: 16 };
    case 'date':
      return { kind: 'fixed', width: 4 };
    case 'time':
      return { kind: 'fixed', width: type.unit === 's' || type.unit === 'ms' ? 4 : 8 };
    case 'timestamp':
      return { kind: 'fixed', width: 8 };
    case 'boolean':
      return { kind: 'bits' };
    case 'string':
    case 'json':
    case 'binary':
      return { kind: 'bytes' };
  }
}
