import type { Field } from '../../../batch/schema.ts';
import { type ColumnType, formatColumnType, parseColumnType } from './column-type.ts';
import { decimalOf, intOf } from './judge-number.ts';
import { DIGITS } from './judge-time.ts';

/** Digits that ClickHouse's decimals have at most. */
const MOST_DIGITS = 76;

/**
 * The type that holds all that a column holds and all values of a feature besides; null where there is none, or making it would change a
 * value. Bits, digits, units and NULL are added, nothing is taken. Pure.
 */
export function widenColumn({ type, nullable }: Pick<Field, 'type' | 'nullable'>, column: string): string | null {
  const there = parseColumnType(column);
  if (there.aggregate !== null) return null;
  const inner = widenInner(type, there);
  if (inner === null) return null;
  return formatColumnType(inner, { nullable: nullable || there.nullable, lowCardinality: there.lowCardinality });
}

function widenInner(type: Field['type'], there: ColumnType): string | null {
  const now = spell(there);
  switch (type.kind) {
    case 'int':
      return widenInt(type, there);
    case 'float':
      if (there.name === 'Float64' || there.name === 'Float32') return type.bits === 64 ? 'Float64' : now;
      return null;
    case 'decimal':
      return widenDecimal(type, there);
    case 'date':
      return there.name === 'Date' || there.name === 'Date32' ? 'Date32' : null;
    case 'timestamp':
      return widenTimestamp(DIGITS[type.unit], there);
    case 'time': {
      if (there.name === 'String') return now;
      if (there.name !== 'Time64') return null;
      return `Time64(${Math.max(DIGITS[type.unit], Number(there.args[0] ?? 3))})`;
    }
    case 'boolean':
      return there.name === 'Bool' || intOf(there) !== null ? now : null;
    case 'uuid':
      return there.name === 'UUID' ? now : null;
    case 'string':
    case 'json':
    case 'binary':
      return there.name === 'String' ? now : null;
  }
}

function widenInt(
  { bits, signed }: { readonly bits: number; readonly signed: boolean },
  there: ColumnType,
): string | null {
  const held = intOf(there);
  if (held === null) return null;
  if (held.signed === signed) return `${signed ? '' : 'U'}Int${Math.max(held.bits, bits)}`;
  const [plain, other] = signed ? [held.bits, bits] : [bits, held.bits];
  const needed = Math.max(plain * 2, other);
  return needed <= 64 ? `Int${needed}` : null;
}

function widenDecimal({ precision, scale }: { readonly precision: number; readonly scale: number }, there: ColumnType) {
  const held = decimalOf(there);
  if (held === null) return null;
  const wide = Math.max(held.scale, scale);
  const digits = Math.max(held.precision - held.scale, precision - scale) + wide;
  return digits <= MOST_DIGITS ? `Decimal(${digits}, ${wide})` : null;
}

/** Nine digits of a second end in 2262: a column that holds later years does not become one. */
function widenTimestamp(digits: number, { name, args }: ColumnType): string | null {
  if (name !== 'DateTime' && name !== 'DateTime64') return null;
  const zone = name === 'DateTime' ? args[0] : args[1];
  const held = name === 'DateTime' ? 0 : Number(args[0] ?? 3);
  if (digits > 6 && held <= 6 && name === 'DateTime64') return null;
  return `DateTime64(${Math.max(held, digits)}${zone === undefined ? '' : `, ${zone}`})`;
}

function spell({ name, args }: ColumnType): string {
  return args.length === 0 ? name : `${name}(${args.join(', ')})`;
}
