import { AtlasError } from '../../errors.ts';
import { STATE } from './column-state.ts';
import { KERNEL_TYPE } from './physical-type.ts';
import { shortenMax, shortenMin } from './shorten.ts';

/** Least and greatest value of a page or chunk, comparable; texts are cut to 64 bytes and then not exact. */
export type Bounds =
  | { readonly kind: 'integer'; readonly min: bigint; readonly max: bigint }
  | { readonly kind: 'float'; readonly min: number; readonly max: number }
  | {
      readonly kind: 'bytes';
      readonly min: Uint8Array;
      readonly max: Uint8Array;
      readonly minExact: boolean;
      readonly maxExact: boolean;
    };

/** Bounds as Parquet stores them (PLAIN, without a length). */
export interface StoredBounds {
  readonly min: Uint8Array;
  readonly minExact: boolean;
  /** null where no short value is above all of them. */
  readonly max: Uint8Array | null;
  readonly maxExact: boolean;
}

/** Reads the open page's bounds out of a column's state; null where every value is null or NaN. */
export function readBounds(view: DataView<ArrayBuffer>, state: number, kernelType: number): Bounds | null {
  if (view.getUint32(state + STATE.bounded, true) === 0) return null;
  switch (kernelType) {
    case KERNEL_TYPE.u64:
      return {
        kind: 'integer',
        min: view.getBigUint64(state + STATE.minInteger, true),
        max: view.getBigUint64(state + STATE.maxInteger, true),
      };
    case KERNEL_TYPE.i32:
    case KERNEL_TYPE.u32:
    case KERNEL_TYPE.i64:
    case KERNEL_TYPE.bits:
      return {
        kind: 'integer',
        min: view.getBigInt64(state + STATE.minInteger, true),
        max: view.getBigInt64(state + STATE.maxInteger, true),
      };
    case KERNEL_TYPE.f32:
    case KERNEL_TYPE.f64:
      return {
        kind: 'float',
        min: view.getFloat64(state + STATE.minFloat, true),
        max: view.getFloat64(state + STATE.maxFloat, true),
      };
    default: {
      const take = (address: number, length: number): Uint8Array =>
        new Uint8Array(
          view.buffer,
          view.getUint32(state + address, true),
          view.getUint32(state + length, true),
        ).slice();
      return {
        kind: 'bytes',
        min: take(STATE.minAddress, STATE.minLength),
        max: take(STATE.maxAddress, STATE.maxLength),
        minExact: view.getUint32(state + STATE.minExact, true) === 1,
        maxExact: view.getUint32(state + STATE.maxExact, true) === 1,
      };
    }
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array, signed: boolean): number {
  if (signed && a.byteLength > 0 && b.byteLength > 0) {
    const first = ((a[0] as number) ^ 0x80) - ((b[0] as number) ^ 0x80);
    if (first !== 0) return first;
  }
  return Buffer.compare(a, b);
}

/** Orders two pages' minima (or maxima, by `pick`): negative, zero, positive. */
export function compareBounds(a: Bounds, b: Bounds, pick: 'min' | 'max', kernelType: number): number {
  if (a.kind === 'bytes' && b.kind === 'bytes') {
    return compareBytes(a[pick], b[pick], kernelType === KERNEL_TYPE.fixedSigned);
  }
  if (a.kind === 'bytes' || b.kind === 'bytes') throw new AtlasError('ATLAS_INTERNAL', `${a.kind} against ${b.kind}`);
  return a[pick] < b[pick] ? -1 : a[pick] > b[pick] ? 1 : 0;
}

/** Bounds of two runs of values together. */
export function mergeBounds(a: Bounds | null, b: Bounds | null, kernelType: number): Bounds | null {
  if (a === null || b === null) return a ?? b;
  const low = compareBounds(a, b, 'min', kernelType);
  const high = compareBounds(a, b, 'max', kernelType);
  if (a.kind === 'bytes' && b.kind === 'bytes') {
    return {
      kind: 'bytes',
      min: low <= 0 ? a.min : b.min,
      minExact: low === 0 ? a.minExact || b.minExact : low < 0 ? a.minExact : b.minExact,
      max: high >= 0 ? a.max : b.max,
      maxExact: high === 0 ? a.maxExact && b.maxExact : high > 0 ? a.maxExact : b.maxExact,
    };
  }
  return { ...a, min: low <= 0 ? a.min : b.min, max: high >= 0 ? a.max : b.max } as Bounds;
}

function storeNumber(value: bigint | number, kernelType: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  switch (kernelType) {
    case KERNEL_TYPE.bits:
      view.setUint8(0, Number(value));
      return bytes.subarray(0, 1);
    case KERNEL_TYPE.i32:
    case KERNEL_TYPE.u32:
      view.setUint32(0, Number(BigInt.asUintN(32, BigInt(value))), true);
      return bytes.subarray(0, 4);
    case KERNEL_TYPE.f32:
      view.setFloat32(0, Number(value), true);
      return bytes.subarray(0, 4);
    case KERNEL_TYPE.f64:
      view.setFloat64(0, Number(value), true);
      return bytes;
    default:
      view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
      return bytes;
  }
}

/**
 * Bounds in their stored form (parquet.thrift, `Statistics`): a float minimum of 0 is stored as -0 and a maximum as +0; a
 * text that was cut is rounded down or up to one that is valid.
 */
export function storeBounds(bounds: Bounds, kernelType: number, text: boolean): StoredBounds {
  if (bounds.kind === 'bytes') {
    return {
      min: bounds.minExact ? bounds.min : shortenMin(bounds.min, text),
      minExact: bounds.minExact,
      max: bounds.maxExact ? bounds.max : shortenMax(bounds.max, text),
      maxExact: bounds.maxExact,
    };
  }
  const min = bounds.kind === 'float' && bounds.min === 0 ? -0 : bounds.min;
  const max = bounds.kind === 'float' && bounds.max === 0 ? 0 : bounds.max;
  return {
    min: storeNumber(min, kernelType),
    minExact: true,
    max: storeNumber(max, kernelType),
    maxExact: true,
  };
}
