import type { SchemaElement } from 'hyparquet';

/** The type of a Parquet column, as its file says it: logical type first, then how it is stored. */
export function columnTypeText(element: SchemaElement): string {
  const stored =
    element.type === 'FIXED_LEN_BYTE_ARRAY' ? `FIXED(${element.type_length ?? '?'})` : (element.type ?? '?');
  const logical = logicalText(element);
  return logical === null ? stored : `${logical} ${stored}`;
}

function logicalText({
  logical_type: logical,
  converted_type: converted,
  precision,
  scale,
}: SchemaElement): string | null {
  switch (logical?.type) {
    case 'DECIMAL':
      return `DECIMAL(${logical.precision},${logical.scale})`;
    case 'TIMESTAMP':
    case 'TIME':
      return `${logical.type}(${logical.unit}${logical.isAdjustedToUTC ? ', UTC' : ''})`;
    case 'INTEGER':
      return `${logical.isSigned ? '' : 'U'}INT${logical.bitWidth}`;
    case undefined:
      return converted === 'DECIMAL' ? `DECIMAL(${precision ?? '?'},${scale ?? 0})` : (converted ?? null);
    default:
      return logical?.type ?? null;
  }
}

/** Decimal digits of an unscaled value, exact. */
export function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Big-endian two's complement, as Parquet stores decimals in bytes. */
export function unscaledOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

/** A count of time units since 1970 as ISO 8601, with as many digits as the unit has. */
export function timestampText(count: bigint, digits: 3 | 6 | 9): string {
  const unit = 10n ** BigInt(digits);
  const fraction = ((count % unit) + unit) % unit;
  const seconds = Number((count - fraction) / unit);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `${count} (${digits} digits)`;
  const whole = date.toISOString().slice(0, -5);
  return fraction === 0n ? whole : `${whole}.${String(fraction).padStart(digits, '0')}`;
}

/** A count of time units since midnight as ISO 8601. */
export function timeText(count: bigint, digits: 3 | 6 | 9): string {
  return timestampText(count, digits).slice(11);
}
