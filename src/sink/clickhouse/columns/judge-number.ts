import type { LogicalType } from '../../../metadata/logical-type.ts';
import type { ColumnType } from './column-type.ts';
import { FITS, type Fit, narrower, other, SAME } from './fit.ts';

type NumberType = Extract<LogicalType, { readonly kind: 'int' | 'float' | 'decimal' | 'boolean' }>;

/** Bits of whole numbers that a floating-point type holds exactly. */
const EXACT_BITS: Readonly<Record<string, number>> = { Float64: 53, Float32: 24, BFloat16: 8 };

/** What a column does with numbers and booleans. */
export function judgeNumber(type: NumberType, there: ColumnType): Fit {
  switch (type.kind) {
    case 'int':
      return judgeInt(type, there);
    case 'float':
      return judgeFloat(type.bits, there);
    case 'decimal':
      return judgeDecimal(type, there);
    case 'boolean':
      if (there.name === 'Bool') return SAME;
      return intOf(there) === null ? other('it holds no booleans') : FITS;
  }
}

function judgeInt({ bits, signed }: Extract<NumberType, { kind: 'int' }>, there: ColumnType): Fit {
  const held = intOf(there);
  if (held !== null) {
    if (held.bits === bits && held.signed === signed) return SAME;
    if (signed && !held.signed) return narrower('it holds no negative numbers');
    const needed = held.signed && !signed ? bits + 1 : bits;
    return held.bits >= needed ? FITS : narrower('larger numbers would be wrapped');
  }
  const exact = EXACT_BITS[there.name];
  if (exact !== undefined) return bits <= exact ? FITS : narrower(`above ${exact} bits digits would be lost`);
  const decimal = decimalOf(there);
  if (decimal === null) return other('it holds no whole numbers');
  const digits = digitsOf(bits, signed);
  const room = decimal.precision - decimal.scale;
  return room >= digits ? FITS : narrower(`it has room for ${room} digits before the point, ${digits} may be needed`);
}

function judgeFloat(bits: number, { name }: ColumnType): Fit {
  if (name === `Float${bits}`) return SAME;
  if (name === 'Float64') return FITS;
  return EXACT_BITS[name] === undefined
    ? other('it holds no floating-point numbers')
    : narrower('digits would be lost');
}

function judgeDecimal({ precision, scale }: Extract<NumberType, { kind: 'decimal' }>, there: ColumnType): Fit {
  const held = decimalOf(there);
  if (held === null) return other('it holds no exact fractions of that kind');
  if (held.precision === precision && held.scale === scale) return SAME;
  if (held.scale < scale) return narrower(`digits behind the ${held.scale}. would be cut off`);
  const [room, needed] = [held.precision - held.scale, precision - scale];
  return room >= needed ? FITS : narrower(`it has room for ${room} digits before the point, ${needed} may be needed`);
}

/** Bits and sign of an integer column. */
export function intOf({ name }: ColumnType): { readonly bits: number; readonly signed: boolean } | null {
  const found = /^(U?)Int(8|16|32|64|128|256)$/.exec(name);
  return found === null ? null : { bits: Number(found[2]), signed: found[1] === '' };
}

/** Precision and scale of a decimal column, however it is spelled. */
export function decimalOf({ name, args }: ColumnType): { readonly precision: number; readonly scale: number } | null {
  if (name === 'Decimal') return { precision: Number(args[0] ?? 10), scale: Number(args[1] ?? 0) };
  const found = /^Decimal(32|64|128|256)$/.exec(name);
  if (found === null) return null;
  const precision = { 32: 9, 64: 18, 128: 38, 256: 76 }[found[1] ?? ''] ?? 0;
  return { precision, scale: Number(args[0] ?? 0) };
}

/** Decimal digits of the greatest whole number. */
function digitsOf(bits: number, signed: boolean): number {
  return String((1n << BigInt(signed ? bits - 1 : bits)) - (signed ? 0n : 1n)).length;
}
