import type { LogicalType } from '../../metadata/logical-type.ts';

const DIGITS = { 8: 3, 16: 5, 32: 10, 64: 19 } as const;

/** The narrowest decimal that holds every value of an integer type. */
export function decimalOfInt({ bits, signed }: LogicalType & { readonly kind: 'int' }): LogicalType & {
  readonly kind: 'decimal';
} {
  return { kind: 'decimal', precision: DIGITS[bits] + (bits === 64 && !signed ? 1 : 0), scale: 0 };
}
