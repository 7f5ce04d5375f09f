import type { Batch } from '../../batch/batch.ts';
import type { Field } from '../../batch/schema.ts';

/**
 * The value of one cell as a partition's name tells it: decimal digits, ISO 8601 for dates and times (a timestamptz ends in
 * Z), `true` and `false`, text as it is; null for a null. Types that partition nothing (floats, binary) are not asked for.
 */
export function cellText(batch: Batch, index: number, row: number): string | null {
  const column = batch.columns[index];
  const field = batch.schema.fields[index];
  if (!column || !field) return null;
  const { bytes, view } = batch.kernel;
  if (column.nullCount > 0 && !bitAt(bytes, column.validity, row)) return null;
  const { type } = field;
  switch (type.kind) {
    case 'int':
      return intText(view, column.values, row, type);
    case 'decimal':
      return decimalText(unscaledAt(view, column.values + 16 * row), type.scale);
    case 'boolean':
      return bitAt(bytes, column.values, row) ? 'true' : 'false';
    case 'date':
      return dateText(view.getInt32(column.values + 4 * row, true));
    case 'time': {
      const wide = type.unit === 'us' || type.unit === 'ns';
      const count = wide
        ? view.getBigInt64(column.values + 8 * row, true)
        : BigInt(view.getInt32(column.values + 4 * row, true));
      return timestampText(count, type.unit).slice(11);
    }
    case 'timestamp':
      return timestampText(view.getBigInt64(column.values + 8 * row, true), type.unit) + (type.zoned ? 'Z' : '');
    case 'uuid': {
      const hex = Buffer.from(bytes.subarray(column.values + 16 * row, column.values + 16 * row + 16)).toString('hex');
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    }
    default: {
      const from = view.getUint32(column.values + 4 * row, true);
      const to = view.getUint32(column.values + 4 * row + 4, true);
      return Buffer.from(bytes.subarray(column.data + from, column.data + to)).toString('utf8');
    }
  }
}

export function bitAt(bytes: Uint8Array, address: number, row: number): boolean {
  return (((bytes[address + (row >> 3)] ?? 0) >> (row & 7)) & 1) === 1;
}

function intText(view: DataView, address: number, row: number, type: Field['type'] & { kind: 'int' }): string {
  const at = address + (row * type.bits) / 8;
  switch (type.bits) {
    case 8:
      return String(type.signed ? view.getInt8(at) : view.getUint8(at));
    case 16:
      return String(type.signed ? view.getInt16(at, true) : view.getUint16(at, true));
    case 32:
      return String(type.signed ? view.getInt32(at, true) : view.getUint32(at, true));
    case 64:
      return String(type.signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true));
  }
}

function unscaledAt(view: DataView, at: number): bigint {
  return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
}

function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const DIGITS = { s: 0, ms: 3, us: 6, ns: 9 } as const;

/** `2024-01-31 09:30:00`, with a fraction only where there is one. */
function timestampText(count: bigint, unit: keyof typeof DIGITS): string {
  const digits = DIGITS[unit];
  const scale = 10n ** BigInt(digits);
  const fraction = ((count % scale) + scale) % scale;
  const whole = new Date(Number((count - fraction) / scale) * 1000).toISOString().slice(0, -5).replace('T', ' ');
  return fraction === 0n ? whole : `${whole}.${String(fraction).padStart(digits, '0')}`;
}

/** Days since 1970, in the proleptic Gregorian calendar; years beyond 9999 carry their sign. */
function dateText(days: number): string {
  return new Date(days * 86_400_000).toISOString().replace(/T.*$/, '');
}
