import { isUtf8 } from 'node:buffer';
import type { WireForm } from '../../flow/dataset-plan.ts';
import { clockText, dayText } from './wire-day-text.ts';
import type { WireProtocol } from './wire-shape.ts';

const POSTGRES_DAYS = 10_957;
const DAY = 86_400_000_000n;
const SIGNS: Readonly<Record<number, string>> = { 49152: 'NaN', 53248: 'Infinity', 61440: '-Infinity' };

/** A cell as JSON, for people: as the server would print it, except that bytes, and what is not of its form, are base64. */
export function cellJson(bytes: Uint8Array, wire: WireForm, protocol: WireProtocol, most: number): string {
  try {
    return formJson(bytes, wire, protocol, most);
  } catch (error) {
    // A number or a time that is too short for its form.
    if (error instanceof RangeError) return base64(bytes, most);
    throw error;
  }
}

function formJson(bytes: Uint8Array, wire: WireForm, protocol: WireProtocol, most: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = protocol === 'mysql';
  switch (wire.form) {
    case 'text':
      return isUtf8(bytes) ? JSON.stringify(textOf(bytes, most)) : base64(bytes, most);
    case 'bytes':
      return base64(bytes, most);
    case 'int':
      return String(integerOf(bytes, wire.signed, little));
    case 'float':
      return floatJson(wire.bytes === 4 ? shortest(view.getFloat32(0, little)) : view.getFloat64(0, little));
    case 'bool':
      return bytes[0] === 1 ? 'true' : 'false';
    case 'uuid':
      return JSON.stringify(
        Buffer.from(bytes)
          .toString('hex')
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      );
    case 'numeric': {
      const text = numericText(bytes).slice(0, most);
      return /\d/.test(text) ? text : JSON.stringify(text);
    }
    case 'bits':
      return JSON.stringify(bitsText(bytes, view, protocol).slice(0, most));
    case 'date':
    case 'timestamp':
    case 'time':
      return JSON.stringify(little ? mysqlTime(bytes, view, wire.form) : postgresTime(view, wire.form));
  }
}

/** PostgreSQL's numeric in digits. */
export function numericText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const groups = view.getUint16(0);
  const weight = view.getInt16(2);
  const sign = view.getUint16(4);
  const named = SIGNS[sign];
  if (named !== undefined) return named;
  let whole = '';
  for (let at = 0; at <= weight; at++) whole += groupText(view, at, groups);
  let fraction = '';
  for (let at = weight + 1; at < groups; at++) fraction += at < 0 ? '0000' : groupText(view, at, groups);
  const scale = view.getUint16(6);
  const point =
    scale > 0 ? `.${fraction.padEnd(scale, '0').slice(0, Math.max(scale, fraction.replace(/0+$/, '').length))}` : '';
  return `${sign === 0x4000 ? '-' : ''}${whole.replace(/^0+(?=\d)/, '') || '0'}${point}`;
}

function groupText(view: DataView, at: number, groups: number): string {
  return at < groups ? String(view.getUint16(8 + at * 2)).padStart(4, '0') : '0000';
}

function textOf(bytes: Uint8Array, most: number): string {
  // A character has at most four bytes, and at least as many as halves.
  return Buffer.from(bytes.subarray(0, most * 4))
    .toString()
    .slice(0, most);
}

function base64(bytes: Uint8Array, most: number): string {
  return JSON.stringify({ base64: Buffer.from(bytes.subarray(0, most)).toString('base64') });
}

function integerOf(bytes: Uint8Array, signed: boolean, little: boolean): bigint {
  let value = 0n;
  for (const byte of little ? bytes.toReversed() : bytes) value = (value << 8n) | BigInt(byte);
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}

/** The number with the fewest digits that is the same single. */
function shortest(single: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}

function floatJson(value: number): string {
  return Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
}

function bitsText(bytes: Uint8Array, view: DataView, protocol: WireProtocol): string {
  const data = protocol === 'mysql' ? bytes : bytes.subarray(4);
  const text = Array.from(data, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return protocol === 'mysql' ? text : text.slice(0, view.getInt32(0));
}

function postgresTime(view: DataView, form: 'date' | 'time' | 'timestamp'): string {
  if (form === 'date') {
    const days = view.getInt32(0);
    if (days === 0x7fff_ffff) return 'infinity';
    return days === -0x8000_0000 ? '-infinity' : dayText(days + POSTGRES_DAYS);
  }
  const micros = view.getBigInt64(0);
  if (form === 'time') return clockText(micros);
  if (micros === 0x7fff_ffff_ffff_ffffn) return 'infinity';
  if (micros === -0x8000_0000_0000_0000n) return '-infinity';
  const rest = ((micros % DAY) + DAY) % DAY;
  return dayText(Number((micros - rest) / DAY) + POSTGRES_DAYS, clockText(rest));
}

function mysqlTime(bytes: Uint8Array, view: DataView, form: 'date' | 'time' | 'timestamp'): string {
  const two = (at: number): string => String(bytes[at] ?? 0).padStart(2, '0');
  if (form === 'time') {
    if (bytes.length === 0) return '00:00:00';
    const hours = view.getUint32(1, true) * 24 + (bytes[5] ?? 0);
    const fraction = bytes.length > 8 ? `.${String(view.getUint32(8, true)).padStart(6, '0')}` : '';
    return `${bytes[0] === 1 ? '-' : ''}${String(hours).padStart(2, '0')}:${two(6)}:${two(7)}${fraction}`;
  }
  const year = bytes.length === 0 ? 0 : view.getUint16(0, true);
  const date = `${String(year).padStart(4, '0')}-${two(2)}-${two(3)}`;
  if (form === 'date' && bytes.length <= 4) return date;
  const fraction = bytes.length > 7 ? `.${String(view.getUint32(7, true)).padStart(6, '0')}` : '';
  return `${date} ${two(4)}:${two(5)}:${two(6)}${fraction}`;
}
