import type { ParquetParsers, SchemaElement } from 'hyparquet';
import { decimalText, timestampText, timeText, unscaledOf } from './parquet-text.ts';

/** Makes hyparquet answer texts that lose nothing, where its own dates and numbers would. */
export const EXACT_PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (count) => timestampText(BigInt(count), 3),
  timestampFromMicroseconds: (count) => timestampText(BigInt(count), 6),
  timestampFromNanoseconds: (count) => timestampText(BigInt(count), 9),
  dateFromDays: (days) => timestampText(BigInt(days) * 86_400_000n, 3).slice(0, 10),
  jsonFromBytes: (bytes) => bytes && new TextDecoder().decode(bytes),
};

const DIGITS = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;

/** The schema without what hyparquet would turn into rounded numbers: decimals come as they are stored. */
export function exactSchema(schema: readonly SchemaElement[]): SchemaElement[] {
  return schema.map((element) => {
    if (!isDecimal(element)) return element;
    const { converted_type: _converted, logical_type: _logical, ...plain } = element;
    return plain;
  });
}

/** A value of a row, or a bound of the statistics, as JSON-friendly text or number. */
export function cellOf(value: unknown, element: SchemaElement): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (isDecimal(element)) return decimalCell(value, element);
  if (element.logical_type?.type === 'TIME')
    return timeText(BigInt(value as number), DIGITS[element.logical_type.unit]);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return String(value);
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** Decimals come unscaled: as a number (INT32), a bigint (INT64) or bytes. */
function decimalCell(value: unknown, element: SchemaElement): string {
  const scale = element.scale ?? 0;
  if (value instanceof Uint8Array) return decimalText(unscaledOf(value), scale);
  if (typeof value === 'bigint' || typeof value === 'number') return decimalText(BigInt(value), scale);
  return String(value);
}

export function isDecimal({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === 'DECIMAL' || logical?.type === 'DECIMAL';
}
