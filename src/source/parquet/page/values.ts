import type { Reason } from '../column/reason.ts';

/** Values of one width, one after the other, little-endian as PLAIN lays them out; booleans take a byte each, 0 or 1. */
export interface FixedValues {
  readonly kind: 'fixed';
  readonly width: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Values with lengths of their own: spans of `heap`. */
export interface TextValues {
  readonly kind: 'text';
  readonly count: number;
  readonly heap: Uint8Array;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
}

export type Values = FixedValues | TextValues;

/** A data page, decoded. */
export interface Page {
  /** Values, and what stands for none. */
  readonly entries: number;
  /** Levels of each entry; null where the column has none. */
  readonly definitions: Uint8Array | null;
  readonly repetitions: Uint8Array | null;
  /** Of the entries with the greatest definition level, in order. */
  readonly values: Values;
  /** Entries that could not be made into a value, and why; their values stand for nothing. */
  readonly refused?: ReadonlyMap<number, Reason>;
}
