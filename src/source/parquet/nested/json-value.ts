import { isUtf8 } from 'node:buffer';
import type { TimeUnit } from '../../../metadata/logical-type.ts';
import { half } from '../column/cast-float.ts';
import { PER_SECOND } from '../column/cast-time.ts';
import type { Reason } from '../column/reason.ts';
import type { Leaf } from '../schema/schema-node.ts';

/** A value that JSON cannot hold. */
export class NoJson extends Error {
  readonly reason: Reason;
  constructor(reason: Reason) {
    super(reason.reason);
    this.reason = reason;
  }
}

/** One value as JSON text, exactly: integers and decimals with all digits, times in ISO 8601, bytes in base64. Throws NoJson. */
export function jsonValue(leaf: Leaf, data: Uint8Array, from: number, length: number): string {
  const { kind, physical } = leaf;
  const bytes = data.subarray(from, from + length);
  const view = new DataView(data.buffer, data.byteOffset + from, length);
  switch (kind.kind) {
    case 'boolean':
      return bytes[0] === 1 ? 'true' : 'false';
    case 'int':
      return String(integerOf(leaf, view));
    case 'decimal':
      return decimalText(physical.startsWith('INT') ? integerOf(leaf, view) : bigEndian(bytes), kind.scale);
    case 'float':
      return floatText(
        kind.bits === 64
          ? view.getFloat64(0, true)
          : kind.bits === 32
            ? view.getFloat32(0, true)
            : half(view.getUint16(0, true)),
      );
    case 'string':
    case 'json':
      return JSON.stringify(textOf(bytes));
    case 'uuid':
      return `"${uuidText(bytes)}"`;
    case 'date':
      return `"${dateText(view.getInt32(0, true))}"`;
    case 'time':
      return `"${clockText(integerOf(leaf, view), kind.unit)}"`;
    case 'timestamp':
      return `"${timestampText(instantOf(leaf, view), kind.unit)}${kind.zoned === true ? 'Z' : ''}"`;
    default:
      return JSON.stringify(Buffer.from(bytes).toString('base64'));
  }
}

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

function textOf(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new NoJson({ code: 'ATLAS_PARQUET_UTF8', reason: 'not valid UTF-8' });
  return UTF8.decode(bytes);
}

function integerOf({ physical, kind }: Leaf, view: DataView): bigint {
  const signed = kind.kind !== 'int' || kind.signed;
  if (physical === 'INT32') return BigInt(signed ? view.getInt32(0, true) : view.getUint32(0, true));
  return signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
}

function instantOf(leaf: Leaf, view: DataView): bigint {
  if (leaf.physical !== 'INT96') return integerOf(leaf, view);
  return BigInt(view.getUint32(8, true) - 2_440_588) * 86_400n * PER_SECOND.ns + view.getBigInt64(0, true);
}

function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function floatText(value: number): string {
  if (!Number.isFinite(value))
    throw new NoJson({ code: 'ATLAS_CAST_SYNTAX', reason: 'JSON has no NaN and no infinity' });
  return Object.is(value, -0) ? '-0.0' : String(value);
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A date, or the count of days where no calendar goes so far. */
function dateText(days: number): string {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) ? String(days) : date.toISOString().slice(0, -14);
}

function clockText(count: bigint, unit: TimeUnit): string {
  const per = PER_SECOND[unit];
  const seconds = count / per;
  const two = (value: bigint): string => String(value).padStart(2, '0');
  const digits = String(per).length - 1;
  const fraction = digits === 0 ? '' : `.${String(count % per).padStart(digits, '0')}`;
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction}`;
}

function timestampText(count: bigint, unit: TimeUnit): string {
  const day = 86_400n * PER_SECOND[unit];
  const within = ((count % day) + day) % day;
  return `${dateText(Number((count - within) / day))}T${clockText(within, unit)}`;
}
